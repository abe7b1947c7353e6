import { execFileSync } from "node:child_process";
import { cpus } from "node:os";
import type { BenchRow } from "../bench-row.ts";
import { bareSdkServer, OpMcpInstallation } from "../programs.ts";
import { median } from "../statistics.ts";
import { StdioSession, type Program } from "../stdio-session.ts";

/** Pairs of fresh processes: where the scheduler puts one lasts as long as the process, and would decide alone. */
const pairs = 7;
/** Short rounds, taken in turn: what else the machine does at a time then slows both sides alike. */
const rounds = 30;
const callsPerRound = 100;
/** Rounds before the first that counts, so that both sides run compiled code. */
const warmUpRounds = 30;
const allowed = 1.2;

/** The p50 of both sides of one pair, in microseconds. */
interface Pair {
  readonly ours: number;
  readonly peer: number;
}

/** Latencies of calls made one after the other, in microseconds. */
async function callRepeatedly(session: StdioSession, tool: string): Promise<number[]> {
  const samples: number[] = [];
  for (let count = 0; count < callsPerRound; count += 1) {
    const began = performance.now();
    const answer = await session.request("tools/call", {
      name: tool,
      arguments: { text: "hello" },
    });
    samples.push((performance.now() - began) * 1000);
    if (!answer.includes("hello") || answer.includes("isError"))
      throw new Error(`not an echo: ${answer}`);
  }
  return samples;
}

/**
 * Puts a process on the first processor. Client and server wait for each other in turn, so one is enough; on two, how
 * long a sleeping one takes to wake decides what is measured, and that differs twofold from process to process.
 */
function pin(pid: number): void {
  execFileSync("taskset", ["--all-tasks", "--cpu-list", "--pid", "0", String(pid)], {
    stdio: "ignore",
  });
}

/** Gives a process all processors again. */
function unpin(pid: number): void {
  const all = `0-${cpus().length - 1}`;
  execFileSync("taskset", ["--all-tasks", "--cpu-list", "--pid", all, String(pid)], {
    stdio: "ignore",
  });
}

async function measurePair(program: Program): Promise<Pair> {
  await using ours = new StdioSession(program);
  await using theirs = new StdioSession(bareSdkServer);
  for (const pid of [process.pid, ours.pid, theirs.pid]) pin(pid);
  await Promise.all([ours.initialize(), theirs.initialize()]);
  const own: number[] = [];
  const peer: number[] = [];
  for (let round = 0; round < warmUpRounds + rounds; round += 1) {
    const mine = await callRepeatedly(ours, "bench_echo");
    const other = await callRepeatedly(theirs, "echo");
    if (round < warmUpRounds) continue;
    own.push(...mine);
    peer.push(...other);
  }
  return { ours: median(own), peer: median(peer) };
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
    const measured: Pair[] = [];
    try {
      for (let pair = 0; pair < pairs; pair += 1) {
        measured.push(await measurePair(installation.program));
      }
    } finally {
      unpin(process.pid);
    }
    const value = median(measured.map(({ ours }) => ours));
    const bare = median(measured.map(({ peer }) => peer));
    const ratio = median(measured.map(({ ours, peer }) => ours / peer));
    return { value, against: `bare SDK v2: ${bare.toFixed(1)} µs`, ratio, ok: ratio <= allowed };
  },
};
