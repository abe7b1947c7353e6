/**
 * Measures op-dbus beside libsystemd's C client and dbus-next on one private bus, and prints one JSON object a line.
 * Needs dbus-daemon, gcc, pkg-config and libsystemd-dev. `--seconds N` is how long each of three rounds takes, `--only ID,ID`
 * measures some.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { openDbusDaemon } from "../test/rig/dbus-daemon.ts";
import { compileAgainstLibsystemd, openEchoService } from "../test/rig/echo-service.ts";
import {
  createSdBus,
  openDbusNext,
  openOpDbus,
  type BenchClient,
  type Workload,
} from "./clients.ts";
import { median, type CallCost } from "./measure.ts";

interface Row {
  readonly id: string;
  readonly what: string;
  readonly workload: Workload;
  readonly inFlight: number;
  readonly valueOf: (cost: CallCost) => number;
  readonly unit: string;
  /** How many times as long as the C client it may take; undefined where a fixed figure is promised. */
  readonly maxRatio?: number;
  readonly maxValue?: number;
  readonly promised: string;
}

const rows: readonly Row[] = [
  {
    id: "dbus-1",
    what: "a call, one at a time, median",
    workload: "getid",
    inFlight: 1,
    valueOf: ({ p50Us }) => p50Us,
    unit: "µs",
    maxRatio: 1.5,
    promised: "≤ 1.5 × sd-bus, and dbus-next ≥ 1.5 ×",
  },
  ...[64, 1000].map((inFlight): Row => ({
    id: `dbus-${inFlight}`,
    what: `a call, ${inFlight} in flight`,
    workload: "getid",
    inFlight,
    valueOf: ({ wallUs }) => wallUs,
    unit: "µs",
    maxRatio: 1 / 0.8,
    promised: "≥ 0.8 × sd-bus's throughput, and dbus-next ≥ 1.5 ×",
  })),
  {
    id: "dbus-bytes",
    what: "sending 1 MiB, processor time",
    workload: "bytes",
    inFlight: 1,
    valueOf: ({ cpuUs }) => cpuUs / 1000,
    unit: "ms",
    maxValue: 2,
    promised: "≤ 2 ms, and dbus-next ≥ 1.5 ×",
  },
];

const rounds = 3;
const warmUpSeconds = 0.3;

async function measureRow(row: Row, clients: readonly BenchClient[], seconds: number) {
  const values = new Map(clients.map(({ name }) => [name, [] as number[]]));
  for (let done = 0; done < rounds; done += 1) {
    for (const client of clients) {
      const { workload, inFlight } = row;
      await client.measure(workload, { seconds: warmUpSeconds, inFlight });
      const cost = await client.measure(workload, { seconds, inFlight });
      values.get(client.name)?.push(row.valueOf(cost));
    }
  }
  return new Map([...values].map(([name, measured]) => [name, median(measured)]));
}

function toLines(row: Row, medians: ReadonlyMap<string, number>): readonly object[] {
  const value = medians.get("op-dbus") ?? Number.NaN;
  const { id, what, unit, promised, maxRatio, maxValue } = row;
  return [...medians].flatMap(([against, other]) => {
    if (against === "op-dbus") return [];
    const ratio = value / other;
    const ok =
      against === "dbus-next"
        ? ratio <= 1 / 1.5
        : ratio <= (maxRatio ?? Number.POSITIVE_INFINITY) && value <= (maxValue ?? value);
    return [{ id, what, value: round(value), unit, against, ratio: round(ratio), promised, ok }];
  });
}

function round(value: number): number {
  return Number(value.toPrecision(4));
}

const { values: options } = parseArgs({
  options: { seconds: { type: "string", default: "1.5" }, only: { type: "string" } },
});
const wanted = options.only?.split(",");
const directory = await mkdtemp(join(tmpdir(), "op-dbus-bench-"));
try {
  await using stack = new AsyncDisposableStack();
  const { address } = stack.use(await openDbusDaemon());
  stack.use(await openEchoService(address));
  const source = fileURLToPath(new URL("bench.c", import.meta.url));
  const clients = [
    stack.use(createSdBus(compileAgainstLibsystemd(source, directory), address)),
    stack.use(await openOpDbus(address)),
    stack.use(await openDbusNext(address)),
  ];
  for (const row of rows.filter(({ id }) => wanted?.includes(id) ?? true)) {
    const medians = await measureRow(row, clients, Number(options.seconds));
    for (const line of toLines(row, medians)) console.log(JSON.stringify(line));
  }
} finally {
  await rm(directory, { recursive: true, force: true });
}
