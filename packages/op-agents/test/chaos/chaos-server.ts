/** A server whose agents are made to suffer, until it is told to stop or is killed. */
import { once } from "node:events";
import { writeSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import type { JsonValue } from "op-core";
import { openAgentPool, openNativeBackend, type AgentPool, type Task } from "../../src/index.ts";
import { fixtureSpec, never } from "../fixtures/pools.ts";
import { createRandom } from "./random.ts";
import type { ChaosReport } from "./run-chaos.ts";

const [seed = "1", word = ""] = process.argv.slice(2);
const random = createRandom(Number(seed));

/** What tasks do; those that do no harm are the most. */
const works: readonly [[string, JsonValue], ...[string, JsonValue][]] = [
  ["echo", 1],
  ["echo", "x".repeat(10_000)],
  ["count", 50],
  ["echo", { a: [1, 2, 3] }],
  ["refuse", null],
  ["throws", null],
  ["die", 1],
  ["die", 0],
  ["hang", null],
  ["deaf", null],
  ["flood", null],
  ["floodLog", null],
  ["leak", null],
  ["huge", 9_000_000],
  ["lie", { type: "result", id: 999_999, output: 1 }],
  ["lie", { type: "pong", id: 999_999 }],
  ["lie", [1]],
  ["garbage", null],
  ["bomb", null],
  ["breed", "/tmp/none"],
];

function disturb(pool: AgentPool): void {
  const { agents } = pool;
  const agent = agents[Math.floor(random.next() * agents.length)];
  if (agent === undefined) return;
  const how = random.pick(["SIGKILL", "SIGSTOP", "SIGTERM", "drain", "none", "none"]);
  if (how === "drain") return agent.drain();
  if (how === "none") return undefined;
  try {
    // The first process is bubblewrap, in the session that the agent is in too.
    process.kill(-Number(agent.processId), how);
  } catch {
    // It has just ended.
  }
  return undefined;
}

function submit(pool: AgentPool): Task | undefined {
  const [operation, input] = random.pick(works);
  const principal = `p${Math.floor(random.next() * 3)}`;
  const deadlineMs = operation === "echo" || operation === "count" ? 30_000 : 1500;
  try {
    return pool.submit({ type: "fixture", operation, input, principal, deadlineMs });
  } catch {
    // The queue is full, which is right.
    return undefined;
  }
}

await using backend = await openNativeBackend();
const spec = fixtureSpec({
  instances: { min: 2, max: 4 },
  restart: { backoff: { initialMs: 1, maxMs: 50, factor: 2, jitter: 0.2 }, maxRetries: 1_000_000 },
  breaker: { windowMs: 1000, minimumStarts: 1000, failureRatio: 0.9, openMs: 100 },
  limits: {
    cancelGraceMs: 100,
    progressBytes: 500_000,
    process: { memoryBytes: 150_000_000, processes: 48, openFiles: 256 },
  },
});
if (spec.program.kind !== "module") throw new Error("The fixture is no module.");
const named = { ...spec, program: { ...spec.program, args: [word] } };
const settings = { healthIntervalMs: 500, healthDeadlineMs: 400, maxQueued: 60, closeMs: 0 };
await using pool = await openAgentPool({ backend, specs: [named], ...settings }, { signal: never });
writeSync(1, "up\n");

const stop = new AbortController();
void once(process.stdin, "data").then(() => stop.abort());
const tasks: Task[] = [];
const settled = new Map<Task, number>();
while (!stop.signal.aborted) {
  const task = submit(pool);
  if (task !== undefined) {
    tasks.push(task);
    void task.outcome.then(() => settled.set(task, (settled.get(task) ?? 0) + 1));
  }
  if (random.next() < 0.1) disturb(pool);
  await wait(Math.floor(random.next() * 40));
}
await Promise.all(tasks.map(async ({ outcome }) => await outcome));
const harmless = tasks.filter(({ view }) => ["echo", "count"].includes(view.operation));
const echo = { type: "fixture", operation: "echo", input: "back", deadlineMs: 20_000 };
const report: ChaosReport = {
  tasks: tasks.length,
  settledOnce: [...settled.values()].filter((times) => times === 1).length,
  harmless: harmless.length,
  harmlessDone: harmless.filter(({ view }) => view.status === "done").length,
  isBack: (await pool.run(echo, { signal: never })) === "back",
};
writeSync(1, `${JSON.stringify(report)}\n`);
process.stdin.destroy();
