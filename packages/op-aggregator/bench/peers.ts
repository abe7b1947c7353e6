/**
 * op-mcp as users have it beside other gateways: each with the same upstream behind it, called by the official client over the
 * transport that the peer offers, in turns. Run: `node bench/peers.ts` after a build.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { percentile, throughput, timeCalls, type Caller } from "./caller.ts";
import { freePort, openGateway, type OpenGateway } from "./open-gateway.ts";
import { OpMcp } from "./op-mcp.ts";
import { installPeers, ownGateway, peers, type Gateway } from "./peer-programs.ts";
import { report, type Promised } from "./report.ts";

/** V8 goes on compiling for about ten thousand calls: before, it is measured who has less to compile. */
const warmUpBatches = 40;
const warmUpRounds = 40;
const rounds = 60;
const callsInRound = 50;
const batches = 30;
const callsInBatch = 300;
const starts = 5;
const settleMs = 2000;

const promise: Omit<Promised, "isKept"> = {
  id: "hop-peers",
  what: "a hop beside other gateways: p50 and calls a second; of those on Node also start and idle memory",
  unit: "ms",
  promised: "ahead of each",
};
const less = { ...promise, isKept: (ratio: number) => ratio < 1 };
const more = { ...promise, unit: "/s", isKept: (ratio: number) => ratio > 1 };
const smaller = { ...less, unit: "MB" };

/** Two gateways on the same transport. */
type Both = Readonly<Record<"ours" | "theirs", OpenGateway>>;

type Samples = Record<keyof Both, number[]>;

/** Measures both in short turns, and lets each begin as often as the other: what else the machine does slows both. */
async function takeTurns(
  both: Both,
  [warmUp, turns]: readonly [number, number],
  measure: (caller: Caller) => Promise<readonly number[]>,
): Promise<Samples> {
  const samples: Samples = { ours: [], theirs: [] };
  for (let turn = -warmUp; turn < turns; turn += 1) {
    const order = turn % 2 === 0 ? (["ours", "theirs"] as const) : (["theirs", "ours"] as const);
    for (const whose of order) {
      const measured = await measure(both[whose].caller);
      if (turn >= 0) samples[whose].push(...measured);
    }
  }
  return samples;
}

async function compareCalls(both: Both, label: string): Promise<void> {
  const rates = await takeTurns(both, [warmUpBatches, batches], async (caller) => [
    await throughput(caller, callsInBatch),
  ]);
  const times = await takeTurns(both, [warmUpRounds, rounds], (caller) =>
    timeCalls(caller, callsInRound),
  );
  report(less, percentile(times.ours, 0.5), [`${label}: p50`, percentile(times.theirs, 0.5)]);
  report(more, percentile(rates.ours, 0.5), [
    `${label}: 32 at a time`,
    percentile(rates.theirs, 0.5),
  ]);
}

async function compareStarts(own: Gateway, peer: Gateway): Promise<void> {
  const [mine, other]: [number[], number[]] = [[], []];
  for (let start = 0; start < starts; start += 1) {
    await using ours = await openGateway(own);
    mine.push(ours.coldMs);
    await using theirs = await openGateway(peer);
    other.push(theirs.coldMs);
  }
  report(less, percentile(mine, 0.5), [`${peer.name}: start`, percentile(other, 0.5)]);
}

async function compare(peer: Gateway): Promise<void> {
  using opMcp = new OpMcp();
  const own = ownGateway(opMcp, peer.wire, await freePort());
  const label = `${peer.name} over ${peer.wire}`;
  {
    await using ours = await openGateway(own);
    await using theirs = await openGateway(peer);
    if (peer.isNode) {
      await sleep(settleMs);
      report(smaller, ours.residentMb(), [`${label}: idle memory`, theirs.residentMb()]);
    }
    await compareCalls({ ours, theirs }, label);
  }
  if (peer.isNode) await compareStarts(own, peer);
}

installPeers();
for (const [name, createPeer] of Object.entries(peers)) {
  try {
    await compare(createPeer(await freePort()));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const line = { ...promise, value: null, against: `${name} not measured: ${why}`, ratio: null };
    process.stdout.write(`${JSON.stringify({ ...line, ok: false })}\n`);
  }
}
