/**
 * What a hop through the aggregator costs: calls of one tool by the official client to servers on the official SDK, made
 * directly, and through the aggregator served by a process of its own, all over stdio. Sequential calls, taken in turns
 * so that a busy machine slows both, on one processor; then 32 at a time; all of it with several processes, of which the one
 * in the middle counts. Run: `node bench/hop.ts` after a build.
 */
import { fileURLToPath } from "node:url";
import { openCaller, percentile, throughput, timeCalls, type Program } from "./caller.ts";
import { pinTree } from "./pin.ts";
import { report, type Promised } from "./report.ts";

/** How V8 compiles and where it puts things differs from one process to the next. */
const starts = 3;
const rounds = 60;
/** V8 goes on compiling what is called until some ten thousand calls were made. */
const warmUpRounds = 250;
const callsInRound = 50;
const batches = 7;
const callsInBatch = 3000;
const fileOf = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

const latency: Promised = {
  id: "hop",
  what: "a call through the aggregator, p50",
  unit: "ms",
  promised: "≤ 2 ×",
  isKept: (ratio) => ratio <= 2,
};
const concurrent: Promised = {
  id: "hop-32",
  what: "calls through the aggregator, 32 at a time",
  unit: "/s",
  promised: "≥ 0.6 ×",
  isKept: (ratio) => ratio >= 0.6,
};

/** What the same cost directly and through the aggregator. */
interface Pair {
  readonly direct: number;
  readonly through: number;
}

async function measureOnce(upstream: Program): Promise<Record<"latency" | "rate", Pair>> {
  await using direct = await openCaller(upstream);
  await using through = await openCaller([process.execPath, fileOf("gateway.ts"), ...upstream]);
  const times = { direct: [] as number[], through: [] as number[] };
  {
    using _pinned = pinTree();
    for (let round = -warmUpRounds; round < rounds; round += 1) {
      const near = await timeCalls(direct, callsInRound);
      const far = await timeCalls(through, callsInRound);
      if (round < 0) continue;
      times.direct.push(...near);
      times.through.push(...far);
    }
  }
  const rates = { direct: [] as number[], through: [] as number[] };
  for (let batch = 0; batch < batches; batch += 1) {
    rates.direct.push(await throughput(direct, callsInBatch));
    rates.through.push(await throughput(through, callsInBatch));
  }
  return { latency: medians(times), rate: medians(rates) };
}

function medians({ direct, through }: Record<keyof Pair, readonly number[]>): Pair {
  return { direct: percentile(direct, 0.5), through: percentile(through, 0.5) };
}

/** The pair in the middle. */
function middle(pairs: readonly Pair[]): Pair {
  const sorted = pairs.toSorted((a, b) => a.through / a.direct - b.through / b.direct);
  return sorted[Math.floor(sorted.length / 2)] ?? { direct: Number.NaN, through: Number.NaN };
}

async function compare(label: string, upstream: Program): Promise<void> {
  const measured = [];
  for (let start = 0; start < starts; start += 1) measured.push(await measureOnce(upstream));
  const hop = middle(measured.map((one) => one.latency));
  report(latency, hop.through, [label, hop.direct]);
  const rate = middle(measured.map((one) => one.rate));
  report(concurrent, rate.through, [label, rate.direct]);
}

const everything = "../node_modules/@modelcontextprotocol/server-everything/dist/index.js";
await compare("server-everything directly", [process.execPath, fileOf(everything)]);
