import { describe, expect, it, test } from "vitest";
import type { AgentPool } from "../../src/index.ts";
import { never, openFixturePool } from "../fixtures/pools.ts";

const run = async (pool: AgentPool, operation: string, input: unknown = null) =>
  await pool.run({ type: "fixture", operation, input: input as never }, { signal: never });

describe("a task", () => {
  it("is done by an agent in the sandbox, and can be looked up afterwards", async () => {
    await using pool = await openFixturePool();
    const task = pool.submit({
      type: "fixture",
      operation: "echo",
      input: { a: ["ü"] },
      principal: "me",
    });
    expect(await task.outcome).toEqual({ kind: "done", output: { a: ["ü"] } });
    expect(pool.find(task.id)?.view).toMatchObject({
      status: "done",
      agent: "fixture-1",
      attempts: 1,
      principal: "me",
    });
    expect(pool.list({ principal: "nobody" })).toEqual([]);
    expect(pool.agents[0]?.isolation).toBe("full");
  });

  it("reports progress in order before its result", async () => {
    await using pool = await openFixturePool();
    const seen: unknown[] = [];
    const task = pool.submit({
      type: "fixture",
      operation: "count",
      input: 500,
      onProgress: (data) => seen.push(data),
    });
    expect(await task.outcome).toEqual({ kind: "done", output: "counted" });
    expect(seen).toEqual(Array.from({ length: 500 }, (_, at) => at));
    expect(task.view.progress).toBe(499);
  });

  it("that its agent refuses fails with the agent's own words", async () => {
    await using pool = await openFixturePool();
    await expect(run(pool, "refuse")).rejects.toMatchObject({
      code: "ERR_AGENT_TASK",
      message: "It does not want to.",
      advice: "Ask nicely.",
      data: { reason: "ERR_NO", why: 1 },
    });
    await expect(run(pool, "throws")).rejects.toMatchObject({ message: "something broke" });
    expect(await run(pool, "echo", 1)).toBe(1);
  });

  it("that nobody does is refused at once, with what there is", async () => {
    await using pool = await openFixturePool();
    await expect(run(pool, "fly")).rejects.toMatchObject({ code: "ERR_AGENT_OPERATION_UNKNOWN" });
  });

  it("with the same idempotency key is the same task, with another input an error", async () => {
    await using pool = await openFixturePool();
    const request = { type: "fixture", operation: "echo", input: 1, idempotencyKey: "k" } as const;
    const first = pool.submit(request);
    expect(pool.submit(request)).toBe(first);
    await first.outcome;
    expect(pool.submit(request)).toBe(first);
    expect(() => pool.submit({ ...request, input: 2 })).toThrow(
      expect.objectContaining({ code: "ERR_TASK_CONFLICT" }),
    );
    expect(pool.submit({ ...request, principal: "other" })).not.toBe(first);
  });

  it("larger than a message is refused, in both directions, and the agent lives on", async () => {
    await using pool = await openFixturePool({ limits: { messageBytes: 10_000 } });
    await expect(run(pool, "echo", "x".repeat(20_000))).rejects.toMatchObject({
      data: { reason: "ERR_INPUT_TOO_LARGE" },
    });
    await expect(run(pool, "huge", 20_000)).rejects.toMatchObject({
      data: { reason: "ERR_RESULT_TOO_LARGE" },
    });
    expect(await run(pool, "echo", 1)).toBe(1);
    expect(pool.agents[0]?.id).toBe("fixture-1");
  });
});

describe("cancelling", () => {
  it("ends the task at once and leaves the agent alive when it listens", async () => {
    await using pool = await openFixturePool();
    const started = Promise.withResolvers<unknown>();
    const task = pool.submit({
      type: "fixture",
      operation: "hang",
      input: null,
      onProgress: started.resolve,
    });
    await started.promise;
    task.cancel("not needed");
    expect(await task.outcome).toMatchObject({
      kind: "cancelled",
      error: { code: "ERR_TASK_CANCELLED" },
    });
    expect(await run(pool, "echo", 1)).toBe(1);
    expect(pool.agents.map(({ id }) => id)).toEqual(["fixture-1"]);
  });

  it("replaces an agent that does not stop", async () => {
    await using pool = await openFixturePool({ limits: { cancelGraceMs: 50 } });
    const started = Promise.withResolvers<unknown>();
    const task = pool.submit({
      type: "fixture",
      operation: "deaf",
      input: null,
      onProgress: started.resolve,
    });
    await started.promise;
    const [agent] = pool.agents;
    task.cancel("not needed");
    expect((await task.outcome).kind).toBe("cancelled");
    expect(await agent?.ended).toMatchObject({ kind: "failed" });
    expect(await run(pool, "echo", 1)).toBe(1);
    expect(pool.agents.map(({ id }) => id)).toEqual(["fixture-2"]);
  });

  it("takes a waiting task out of the queue", async () => {
    await using pool = await openFixturePool();
    const working = pool.submit({ type: "fixture", operation: "hang", input: null });
    const waiting = pool.submit({ type: "fixture", operation: "echo", input: 1 });
    waiting.cancel("not needed");
    expect((await waiting.outcome).kind).toBe("cancelled");
    expect(pool.types).toMatchObject([{ type: "fixture", waiting: 0 }]);
    expect(waiting.view.attempts).toBe(0);
    working.cancel("done with it");
  });

  it("happens by the caller's signal, whose reason the caller gets", async () => {
    await using pool = await openFixturePool();
    const stop = new AbortController();
    const reason = new Error("enough");
    const running = pool.run(
      { type: "fixture", operation: "hang", input: null, onProgress: () => stop.abort(reason) },
      { signal: stop.signal },
    );
    await expect(running).rejects.toBe(reason);
  });

  test("a deadline ends a task, waiting included", async () => {
    await using pool = await openFixturePool();
    const request = { type: "fixture", operation: "hang", input: null, deadlineMs: 50 } as const;
    const tasks = [pool.submit(request), pool.submit(request)];
    for (const task of tasks) {
      expect(await task.outcome).toMatchObject({ error: { code: "ERR_DEADLINE_EXCEEDED" } });
    }
  });
});

describe("the queue", () => {
  it("refuses what is too much, and serves principals in turn", async () => {
    await using pool = await openFixturePool({}, { maxQueued: 4, maxQueuedPerPrincipal: 3 });
    const order: string[] = [];
    const blocker = pool.submit({ type: "fixture", operation: "hang", input: null });
    const submit = (principal: string, priority = 100) => {
      const task = pool.submit({
        type: "fixture",
        operation: "echo",
        input: principal,
        principal,
        priority,
      });
      void task.outcome.then(() => order.push(`${principal}${priority}`));
      return task;
    };
    const tasks = [submit("a"), submit("a"), submit("a", 1)];
    expect(() => submit("a")).toThrow(expect.objectContaining({ code: "ERR_QUEUE_FULL" }));
    tasks.push(submit("b"));
    expect(() => submit("c")).toThrow(expect.objectContaining({ code: "ERR_QUEUE_FULL" }));
    blocker.cancel("let them go");
    await Promise.all(tasks.map(async ({ outcome }) => await outcome));
    expect(order).toEqual(["a1", "b100", "a100", "a100"]);
  });
});

describe("the pool", () => {
  it("grows with load up to the most, gives tasks out in turn, and shrinks again", async () => {
    await using pool = await openFixturePool({ instances: { min: 1, max: 3 }, idleMs: 200 });
    const events = pool.events({ signal: never })[Symbol.asyncIterator]();
    const seen: unknown[] = [];
    const hanging = Array.from({ length: 3 }, () => {
      const started = Promise.withResolvers<unknown>();
      const task = pool.submit({
        type: "fixture",
        operation: "hang",
        input: null,
        onProgress: started.resolve,
      });
      return { task, started: started.promise };
    });
    seen.push(...(await Promise.all(hanging.map(async ({ started }) => await started))));
    expect(pool.agents).toHaveLength(3);
    for (const { task } of hanging) task.cancel("enough");
    for (let stopped = 0; stopped < 2;) {
      const { value } = await events.next();
      if (value.kind === "agent-changed" && value.state.kind === "stopped") stopped += 1;
    }
    expect(pool.agents.filter(({ state }) => state.kind === "running")).toHaveLength(1);
  });

  it("replaces agents between tasks when they have done enough", async () => {
    await using pool = await openFixturePool({ limits: { maxTasks: 2 } });
    const ids: unknown[] = [];
    for (let count = 0; count < 5; count += 1) {
      const task = pool.submit({ type: "fixture", operation: "echo", input: 1 });
      expect((await task.outcome).kind).toBe("done");
      ids.push(task.view.agent);
    }
    expect(ids).toEqual(["fixture-1", "fixture-1", "fixture-2", "fixture-2", "fixture-3"]);
  });

  it("never has more agents than the host may have", async () => {
    await using pool = await openFixturePool({ instances: { min: 1, max: 5 } }, { maxAgents: 2 });
    const tasks = Array.from({ length: 20 }, (_, input) =>
      pool.submit({ type: "fixture", operation: "count", input }),
    );
    const outcomes = await Promise.all(tasks.map(async ({ outcome }) => await outcome));
    expect(outcomes.every(({ kind }) => kind === "done")).toBe(true);
    expect(pool.agents.length).toBeLessThanOrEqual(2);
  });

  it("finishes what runs, refuses what comes, and is closed twice without harm", async () => {
    const pool = await openFixturePool({}, { closeMs: 5000 });
    const task = pool.submit({ type: "fixture", operation: "count", input: 100 });
    const closing = pool[Symbol.asyncDispose]();
    expect(() => pool.submit({ type: "fixture", operation: "echo", input: 1 })).toThrow(
      expect.objectContaining({ code: "ERR_AGENT_POOL_CLOSED" }),
    );
    await closing;
    expect(await task.outcome).toEqual({ kind: "done", output: "counted" });
    await pool[Symbol.asyncDispose]();
    expect(pool.agents).toEqual([]);
  });
});
