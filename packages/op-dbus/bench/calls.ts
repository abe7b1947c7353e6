import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openDbusDaemon } from "../test/rig/dbus-daemon.ts";
import { compileAgainstLibsystemd, openEchoService } from "../test/rig/echo-service.ts";
import {
  createSdBus,
  openDbusNative,
  openDbusNext,
  openOpDbus,
  type BenchClient,
  type Workload,
} from "./clients.ts";
import { median, type CallCost } from "./measure.ts";
import { pinToOneProcessor } from "./processors.ts";
import { toLine, type BenchLine, type Promised } from "./bench-line.ts";

/** A promise about calls. */
export interface CallRow extends Promised {
  readonly workload: Workload;
  readonly inFlight: number;
  readonly valueOf: (cost: CallCost) => number;
}

/** Clients take turns in short rounds, so that what else the machine does slows all of them alike. */
const rounds = 7;
const warmUpSeconds = 0.3;

/** Measures one promise on a bus of its own, with a line for each peer. */
export async function measureCallRow(row: CallRow, seconds: number): Promise<BenchLine[]> {
  await using stack = new AsyncDisposableStack();
  stack.use(pinToOneProcessor());
  const directory = await mkdtemp(join(tmpdir(), "op-dbus-bench-"));
  stack.defer(() => rm(directory, { recursive: true, force: true }));
  const { address } = stack.use(await openDbusDaemon());
  stack.use(await openEchoService(address));
  const source = fileURLToPath(new URL("bench.c", import.meta.url));
  const ours = stack.use(await openOpDbus(address));
  const peers = [
    stack.use(createSdBus(compileAgainstLibsystemd(source, directory), address)),
    stack.use(await openDbusNext(address)),
    stack.use(openDbusNative(address)),
  ];
  const measured = await measureInTurns(row, [ours, ...peers], seconds / rounds);
  const own = measured.get(ours) ?? [];
  return peers.map((peer) => {
    const other = measured.get(peer) ?? [];
    const ratio = median(own.map((value, round) => value / (other[round] ?? Number.NaN)));
    return toLine(row, { value: median(own), against: peer.name, ratio });
  });
}

async function measureInTurns(
  { workload, inFlight, valueOf }: CallRow,
  clients: readonly BenchClient[],
  seconds: number,
): Promise<ReadonlyMap<BenchClient, number[]>> {
  const measured = new Map(clients.map((client) => [client, [] as number[]]));
  for (const client of clients)
    await client.measure(workload, { seconds: warmUpSeconds, inFlight });
  for (let round = 0; round < rounds; round += 1) {
    for (const [client, values] of measured) {
      values.push(valueOf(await client.measure(workload, { seconds, inFlight })));
    }
  }
  return measured;
}
