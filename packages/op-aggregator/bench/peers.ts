/**
 * op-mcp as users have it beside other gateways: each with the same upstream behind it, called by the official client over the
 * transport that the peer offers, in turns. Run: `node bench/peers.ts` after a build.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { percentile, throughput, timeCalls } from "./caller.ts";
import { freePort, openGateway, type OpenGateway } from "./open-gateway.ts";
import { OpMcp } from "./op-mcp.ts";
import { installPeers, ownGateway, peers, type Gateway } from "./peer-programs.ts";
import { report, type Promised } from "./report.ts";

const rounds = 20;
const callsInRound = 50;
const batches = 3;
const callsInBatch = 1000;
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

async function compareCalls({ ours, theirs }: Both, label: string): Promise<void> {
  const times = { ours: [] as number[], theirs: [] as number[] };
  const rates = { ours: [] as number[], theirs: [] as number[] };
  for (let round = -5; round < rounds; round += 1) {
    const [mine, other] = [
      await timeCalls(ours.caller, callsInRound),
      await timeCalls(theirs.caller, callsInRound),
    ];
    if (round < 0) continue;
    times.ours.push(...mine);
    times.theirs.push(...other);
  }
  for (let batch = 0; batch < batches; batch += 1) {
    rates.ours.push(await throughput(ours.caller, callsInBatch));
    rates.theirs.push(await throughput(theirs.caller, callsInBatch));
  }
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
