import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { describe, expect, it, test } from "vitest";
import {
  openAgentPool,
  openNativeBackend,
  type AgentPool,
  type TaskRequest,
} from "../../src/index.ts";
import { fixtureSpec, never, openFixturePool } from "../fixtures/pools.ts";

const task = (operation: string, input: unknown = null): TaskRequest => ({
  type: "fixture",
  operation,
  input: input as never,
});
const fast = { initialMs: 1, maxMs: 5, factor: 1, jitter: 0 };
const restart = { backoff: fast, maxRetries: 100 };

/** Submits a task that works until it is stopped, and resolves when its agent has begun. */
async function hang(pool: AgentPool, operation = "hang") {
  const begun = Promise.withResolvers<unknown>();
  const submitted = pool.submit({ ...task(operation), onProgress: begun.resolve });
  await begun.promise;
  return submitted;
}

function signalAgent(pool: AgentPool, signal: NodeJS.Signals) {
  const [agent] = pool.agents;
  // The first process is bubblewrap, in the session that the agent is in too.
  process.kill(-Number(agent!.processId), signal);
  return agent!;
}

describe("an agent that is killed from outside", () => {
  it("fails a task that may not be repeated, and says why", async () => {
    await using pool = await openFixturePool({ restart });
    const submitted = await hang(pool, "deaf");
    signalAgent(pool, "SIGKILL");
    expect(await submitted.outcome).toMatchObject({
      kind: "failed",
      error: { code: "ERR_AGENT_DIED" },
    });
    expect(submitted.view.attempts).toBe(1);
    expect(await pool.run(task("echo", 1), { signal: never })).toBe(1);
  });

  it("loses no task that may be repeated: another agent does it", async () => {
    await using pool = await openFixturePool({ restart });
    const again = Promise.withResolvers<unknown>();
    let begun = 0;
    const submitted = pool.submit({
      ...task("hang"),
      onProgress: () => {
        begun += 1;
        if (begun === 1) signalAgent(pool, "SIGKILL");
        else again.resolve(undefined);
      },
    });
    await again.promise;
    expect(submitted.view).toMatchObject({ status: "running", attempts: 2, agent: "fixture-2" });
    submitted.cancel("seen enough");
    expect((await submitted.outcome).kind).toBe("cancelled");
  });

  it("is not given the same task for ever", async () => {
    await using pool = await openFixturePool({ restart }, { maxAttempts: 2 });
    const submitted = pool.submit({
      ...task("hang"),
      onProgress: () => void signalAgent(pool, "SIGKILL"),
    });
    expect(await submitted.outcome).toMatchObject({
      kind: "failed",
      error: { code: "ERR_AGENT_DIED" },
    });
    expect(submitted.view.attempts).toBe(2);
  });
});

describe("an agent that stands still", () => {
  it("is found by its missing sign of life, and replaced", async () => {
    await using pool = await openFixturePool({ restart }, { healthDeadlineMs: 100 });
    const agent = signalAgent(pool, "SIGSTOP");
    expect(await pool.checkHealth({ signal: never })).toEqual({
      healthy: 0,
      unhealthy: ["fixture-1"],
    });
    expect(await agent.ended).toMatchObject({
      kind: "failed",
      reason: "it gave no sign of life within 100 ms",
    });
    expect(await pool.run(task("echo", 1), { signal: never })).toBe(1);
  });

  it("while it works is ended by the deadline of its task", async () => {
    await using pool = await openFixturePool({ restart, limits: { cancelGraceMs: 50 } });
    const begun = Promise.withResolvers<unknown>();
    const submitted = pool.submit({ ...task("deaf"), deadlineMs: 300, onProgress: begun.resolve });
    await begun.promise;
    const agent = signalAgent(pool, "SIGSTOP");
    expect(await submitted.outcome).toMatchObject({ error: { code: "ERR_DEADLINE_EXCEEDED" } });
    expect((await agent.ended).kind).toBe("failed");
  });
});

describe("an agent that misbehaves is ended, its task fails, and the next one works", () => {
  it.each<[string, string, unknown, string]>([
    ["reports more than it may", "flood", null, "ERR_AGENT_PROTOCOL"],
    ["floods the log", "floodLog", null, "ERR_AGENT_DIED"],
    ["prints to stdout", "garbage", null, "ERR_AGENT_PROTOCOL"],
    [
      "answers what nobody asked",
      "lie",
      { type: "result", id: 999, output: 1 },
      "ERR_AGENT_PROTOCOL",
    ],
    ["answers a ping that nobody sent", "lie", { type: "pong", id: 5 }, "ERR_AGENT_PROTOCOL"],
    ["is ready twice", "lie", { type: "ready", protocol: 1, operations: [] }, "ERR_AGENT_PROTOCOL"],
    ["says what nobody knows", "lie", { type: "hello" }, "ERR_AGENT_PROTOCOL"],
    ["says no object", "lie", [1], "ERR_AGENT_PROTOCOL"],
    ["eats memory", "leak", null, "ERR_AGENT_DIED"],
    ["leaves in the middle", "die", 3, "ERR_AGENT_DIED"],
    ["leaves in the middle with success", "die", 0, "ERR_AGENT_DIED"],
  ])("%s", async (_what, operation, input, code) => {
    await using pool = await openFixturePool({
      restart,
      limits: { progressBytes: 1_000_000, process: { memoryBytes: 200_000_000 } },
    });
    const [agent] = pool.agents;
    const { outcome } = pool.submit(task(operation, input));
    expect(await outcome).toMatchObject({ kind: "failed", error: { code } });
    expect(["failed", "stopped"]).toContain((await agent!.ended).kind);
    expect(await pool.run(task("echo", 1), { signal: never })).toBe(1);
  });
});

describe("an agent that can't start", () => {
  it.each<[string, readonly [string, ...string[]], string]>([
    ["is not there", ["/nonexistent/agent"], "Starting"],
    ["speaks no protocol", ["/bin/echo", "hello"], "broke the protocol"],
    ["leaves at once", ["/bin/true"], "failed"],
  ])(
    "because it %s fails its tasks with the reason, not the pool",
    async (_what, argv, message) => {
      await using pool = await openFixturePool({
        program: { kind: "executable", argv },
        restart: { backoff: { ...fast, maxMs: 100_000 }, maxRetries: 1 },
      });
      const { outcome } = pool.submit(task("echo"));
      const { error } = (await outcome) as { readonly error: Error };
      expect(error).toMatchObject({ code: "ERR_AGENT_UNAVAILABLE" });
      expect(error.message).toContain(message);
    },
  );

  it("because it says nothing is given up in time", async () => {
    await using pool = await openFixturePool({
      program: { kind: "executable", argv: ["/bin/sleep", "1000"] },
      limits: { startMs: 100 },
      restart: { when: "never" },
    });
    expect(await pool.submit(task("echo")).outcome).toMatchObject({
      error: { code: "ERR_AGENT_UNAVAILABLE" },
    });
  });
});

test("every task has exactly one outcome, whatever happens to the agents, and the pool is back afterwards", async () => {
  await using backend = await openNativeBackend();
  const spec = fixtureSpec({
    instances: { min: 2, max: 3 },
    restart,
    limits: { cancelGraceMs: 100, progressBytes: 500_000 },
  });
  await using pool = await openAgentPool({ backend, specs: [spec], closeMs: 0 }, { signal: never });
  const operations = ["echo", "count", "die", "garbage", "hang", "flood", "throws", "deaf"];
  const tasks = Array.from({ length: 120 }, (_, at) => {
    const operation = operations[(at * 7 + Math.floor(at / 5)) % operations.length]!;
    const isEndless = operation === "hang" || operation === "deaf";
    return pool.submit({
      ...task(operation, at % 20),
      principal: `p${at % 3}`,
      ...(isEndless ? { deadlineMs: 3000 } : { deadlineMs: 60_000 }),
    });
  });
  const outcomes = await Promise.all(tasks.map(async ({ outcome }) => await outcome));
  expect(outcomes).toHaveLength(tasks.length);
  tasks.forEach(({ view }, at) => expect(view.outcome).toBe(outcomes[at]));
  const harmless = tasks.flatMap(({ view }) =>
    ["echo", "count"].includes(view.operation) ? [view.status] : [],
  );
  expect(new Set(harmless)).toEqual(new Set(["done"]));
  expect(await pool.run(task("echo", "back"), { signal: never })).toBe("back");
}, 120_000);

test("kill -9 of the process with the pool leaves nothing of its agents", async () => {
  const folder = mkdtempSync(join(tmpdir(), "op-agents-test-"));
  chmodSync(folder, 0o755);
  execFileSync("mkfifo", ["-m", "666", join(folder, "pipe")]);
  // The pipe ends when the last process is gone that has it open.
  const watch = spawn("cat", [join(folder, "pipe")], { stdio: ["ignore", "pipe", "inherit"] });
  const driver = fileURLToPath(new URL("../fixtures/pool-driver.ts", import.meta.url));
  const parent = spawn(process.execPath, ["--conditions=@op-mcp/source", driver, folder], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    await once(watch.stdout, "readable");
    parent.kill("SIGKILL");
    expect(await text(watch.stdout)).toBe("up\n");
  } finally {
    watch.kill("SIGKILL");
    parent.kill("SIGKILL");
    rmSync(folder, { recursive: true });
  }
});
