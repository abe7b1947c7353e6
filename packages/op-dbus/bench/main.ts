/**
 * Measures op-dbus beside libsystemd's C client, dbus-next and dbus-native on private buses, and prints one JSON object
 * a line. Needs dbus-daemon, gcc, pkg-config, libsystemd-dev and taskset, and for `dbus-crawl` what boots a systemd.
 * `--seconds N` is how long each client is measured, `--only ID,ID` measures some.
 */
import { parseArgs } from "node:util";
import type { BenchLine } from "./bench-line.ts";
import { measureCallRow, type CallRow } from "./calls.ts";
import { measureCrawl } from "./crawl.ts";

/** dbus-native is measured beside; nothing is promised about it. */
const faster = { "dbus-next": 1 / 1.5 };

const callRows: readonly CallRow[] = [
  {
    id: "dbus-1",
    what: "a call, one at a time, median",
    workload: "getid",
    inFlight: 1,
    valueOf: ({ p50Us }) => p50Us,
    unit: "µs",
    maxRatio: { ...faster, "sd-bus": 1.5 },
    promised: "≤ 1.5 × sd-bus, and dbus-next ≥ 1.5 ×",
  },
  ...[64, 1000].map((inFlight): CallRow => ({
    id: `dbus-${inFlight}`,
    what: `a call, ${inFlight} in flight`,
    workload: "getid",
    inFlight,
    valueOf: ({ wallUs }) => wallUs,
    unit: "µs",
    maxRatio: { ...faster, "sd-bus": 1 / 0.8 },
    promised: "≥ 0.8 × sd-bus's throughput, and dbus-next ≥ 1.5 ×",
  })),
  {
    id: "dbus-bytes",
    what: "sending 1 MiB, processor time",
    workload: "bytes",
    inFlight: 1,
    valueOf: ({ cpuUs }) => cpuUs / 1000,
    unit: "ms",
    maxRatio: faster,
    maxValue: 2,
    promised: "≤ 2 ms, and dbus-next ≥ 1.5 ×",
  },
];

const { values: options } = parseArgs({
  options: { seconds: { type: "string", default: "4" }, only: { type: "string" } },
});
const wanted = options.only?.split(",");
const isWanted = (id: string): boolean => wanted?.includes(id) ?? true;

function print(lines: readonly BenchLine[]): void {
  for (const line of lines) console.log(JSON.stringify(line));
}

for (const row of callRows.filter(({ id }) => isWanted(id))) {
  print(await measureCallRow(row, Number(options.seconds)));
}
if (isWanted("dbus-crawl")) print(await measureCrawl());
