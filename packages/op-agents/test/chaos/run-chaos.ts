import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { findLeft, noteFamily, noTraces, type FamilyTraces } from "./process-family.ts";
import { createRandom, type Random } from "./random.ts";

/** What a server says of its tasks before it leaves. */
export interface ChaosReport {
  readonly tasks: number;
  /** How many have had exactly one outcome. */
  readonly settledOnce: number;
  /** How many did no harm, and were at most hit by what others did. */
  readonly harmless: number;
  readonly harmlessDone: number;
  readonly isBack: boolean;
}

/** How a server fared. */
export interface ChaosRound {
  readonly end: "stopped" | "killed";
  /** Who was left half a minute later, at the latest. */
  readonly left: readonly string[];
  /** How many process namespaces and cgroups its agents had. */
  readonly namespaces: number;
  readonly cgroups: number;
  readonly report?: ChaosReport;
}

/** What chaos takes. */
export interface ChaosOptions {
  readonly seed: number;
  readonly seconds: number;
  readonly onRound?: (round: ChaosRound) => void;
}

const server = fileURLToPath(new URL("chaos-server.ts", import.meta.url));
const patienceMs = 30_000;

/** Lets one server after the other run under chaos; every other one is killed by -9. */
export async function runChaos(options: ChaosOptions): Promise<readonly ChaosRound[]> {
  const { seed, seconds, onRound } = options;
  const random = createRandom(seed);
  const untilMs = performance.now() + seconds * 1000;
  const rounds: ChaosRound[] = [];
  while (performance.now() < untilMs || rounds.length < 2) {
    const round = await runServer(random, rounds.length % 2 === 0 ? "killed" : "stopped");
    rounds.push(round);
    onRound?.(round);
  }
  return rounds;
}

async function runServer(random: Random, end: ChaosRound["end"]): Promise<ChaosRound> {
  const word = randomUUID();
  const seed = String(Math.floor(random.next() * 2 ** 31));
  const args = ["--conditions=@op-mcp/source", server, seed, word];
  const child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
  const exited = once(child, "exit");
  const lines = createInterface(child.stdout);
  await once(lines, "line");
  const traces = noTraces();
  const untilMs = performance.now() + 2000 + random.next() * 6000;
  while (performance.now() < untilMs) {
    noteFamily(child.pid ?? 0, traces);
    await wait(100 + random.next() * 100);
  }
  const reported = end === "stopped" ? once(lines, "line") : undefined;
  if (end === "stopped") child.stdin.end("stop\n");
  else child.kill("SIGKILL");
  const report: ChaosReport | undefined =
    reported === undefined ? undefined : JSON.parse(String((await reported)[0]));
  await exited;
  const counts = { namespaces: traces.namespaces.size, cgroups: traces.cgroups.size };
  const left = await waitUntilNobodyIsLeft(traces, word);
  return { end, left, ...counts, ...(report === undefined ? {} : { report }) };
}

async function waitUntilNobodyIsLeft(
  traces: FamilyTraces,
  word: string,
): Promise<readonly string[]> {
  const untilMs = performance.now() + patienceMs;
  for (;;) {
    const left = findLeft(traces, word);
    if (left.length === 0 || performance.now() > untilMs) return left;
    await wait(100);
  }
}
