/**
 * What a hop through the aggregator costs: calls of one tool by the official client to servers on the official SDK, made
 * directly, and through the aggregator served by a process of its own, all over stdio. Sequential calls, taken in turns
 * so that a busy machine slows both, on one processor; then 32 at a time. Run: `node bench/hop.ts` after a build.
 */
import { fileURLToPath } from "node:url";
import { openCaller, percentile, throughput, timeCalls, type Program } from "./caller.ts";
import { pinTree } from "./pin.ts";
import { report, type Promised } from "./report.ts";

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

async function compare(label: string, upstream: Program): Promise<void> {
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
  report(latency, percentile(times.through, 0.5), [label, percentile(times.direct, 0.5)]);
  const rates = { direct: [] as number[], through: [] as number[] };
  for (let batch = 0; batch < batches; batch += 1) {
    rates.direct.push(await throughput(direct, callsInBatch));
    rates.through.push(await throughput(through, callsInBatch));
  }
  report(concurrent, percentile(rates.through, 0.5), [label, percentile(rates.direct, 0.5)]);
}

const everything = "../node_modules/@modelcontextprotocol/server-everything/dist/index.js";
await compare("server-everything directly", [process.execPath, fileOf(everything)]);
