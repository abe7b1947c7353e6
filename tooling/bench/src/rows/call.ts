import type { BenchRow } from "../bench-row.ts";
import { bareSdkServer, OpMcpInstallation } from "../programs.ts";
import { median } from "../statistics.ts";
import { StdioSession } from "../stdio-session.ts";

const rounds = 10;
const callsPerRound = 500;
const allowed = 1.2;

/** Latencies of calls made one after the other, in microseconds. */
async function callRepeatedly(session: StdioSession, tool: string): Promise<number[]> {
  const samples: number[] = [];
  for (let count = 0; count < callsPerRound; count += 1) {
    const began = performance.now();
    const answer = await session.request("tools/call", { name: tool, arguments: { text: "hello" } });
    samples.push((performance.now() - began) * 1000);
    if (!answer.includes("hello") || answer.includes("isError")) throw new Error(`not an echo: ${answer}`);
  }
  return samples;
}

/** What a call costs beside the tool itself. */
export const callRow: BenchRow = {
  id: "call",
  what: "p50 of tools/call over stdio, one at a time, all middleware on, 10,000 tools known",
  unit: "µs",
  promised: `≤ ${allowed} × a bare SDK v2 echo`,
  measure: async () => {
    using installation = new OpMcpInstallation("direct");
    await installation.warmUp();
    await using ours = new StdioSession(installation.program);
    await using theirs = new StdioSession(bareSdkServer);
    await Promise.all([ours.initialize(), theirs.initialize()]);
    await callRepeatedly(ours, "bench_echo");
    await callRepeatedly(theirs, "echo");
    const own: number[] = [];
    const peer: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      own.push(...(await callRepeatedly(ours, "bench_echo")));
      peer.push(...(await callRepeatedly(theirs, "echo")));
    }
    const value = median(own);
    const bare = median(peer);
    return { value, against: `bare SDK v2: ${bare.toFixed(1)} µs`, ratio: value / bare, ok: value / bare <= allowed };
  },
};
