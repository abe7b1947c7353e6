import { describe, expect, it } from "vitest";
import {
  openAgentPool,
  openNativeBackend,
  type AgentEvent,
  type AgentPool,
} from "../../src/index.ts";
import { fixtureSpec, never, openFixturePool } from "../fixtures/pools.ts";

const echo = { type: "fixture", operation: "echo", input: 1 } as const;

/** The states that an agent goes through from now on, until one of these. */
async function follow(pool: AgentPool, agent: string, last: readonly string[]): Promise<string[]> {
  const states: string[] = [];
  for await (const event of pool.events({ signal: never })) {
    if (event.kind !== "agent-changed" || event.agent !== agent) continue;
    states.push(event.state.kind);
    if (last.includes(event.state.kind)) return states;
  }
  return states;
}

describe("the events", () => {
  it("tell the whole life of an agent", async () => {
    await using pool = await openFixturePool({ instances: { min: 0, max: 1 } });
    const life = follow(pool, "fixture-1", ["stopped"]);
    await pool.run(echo, { signal: never });
    pool.agents[0]?.drain();
    expect(await life).toEqual(["starting", "running", "draining", "stopped"]);
  });

  it("end when the pool is closed, and when nobody listens any more", async () => {
    const pool = await openFixturePool();
    const stop = new AbortController();
    const read = async (signal: AbortSignal) => {
      const seen: AgentEvent[] = [];
      for await (const event of pool.events({ signal })) seen.push(event);
      return seen;
    };
    const [short, long] = [read(stop.signal), read(never)];
    stop.abort();
    expect(await short).toEqual([]);
    await pool[Symbol.asyncDispose]();
    expect((await long).at(-1)).toMatchObject({
      agent: "fixture-1",
      state: { kind: "killed", reason: "the agents are being closed" },
    });
  });
});

describe("agents", () => {
  it("of a smaller priority start first", async () => {
    await using backend = await openNativeBackend();
    const specs = [
      fixtureSpec({ type: "later", priority: 2 }),
      fixtureSpec({ type: "first", priority: 1 }),
    ];
    await using pool = await openAgentPool({ backend, specs, closeMs: 0 }, { signal: never });
    const order = pool.agents.toSorted((left, right) => left.startedAtMs - right.startedAtMs);
    expect(order.map(({ type }) => type)).toEqual(["first", "later"]);
  });

  it("are replaced when they are old", async () => {
    await using pool = await openFixturePool({ limits: { maxRuntimeMs: 300 } });
    const [agent] = pool.agents;
    expect(await agent?.ended).toEqual({ kind: "stopped", wasAsked: true });
    expect(await pool.run(echo, { signal: never })).toBe(1);
  });

  it("that keep failing are given up, refuse tasks, and come back when somebody revives them", async () => {
    await using pool = await openFixturePool({
      restart: { maxRetries: 0, backoff: { initialMs: 1, maxMs: 1_000_000, factor: 1, jitter: 0 } },
    });
    const [agent] = pool.agents;
    await agent?.end({ as: "failed", reason: "a test wants it" });
    await expect(pool.run(echo, { signal: never })).rejects.toMatchObject({
      code: "ERR_AGENT_UNAVAILABLE",
      message: expect.stringContaining("a test wants it"),
    });
    pool.revive("fixture");
    expect(await pool.run(echo, { signal: never })).toBe(1);
  });

  it("that can not start are refused by the circuit when too many starts failed", async () => {
    await using pool = await openFixturePool({
      program: { kind: "executable", argv: ["/bin/false"] },
      breaker: { minimumStarts: 2, failureRatio: 0.5, openMs: 1_000_000 },
      restart: { maxRetries: 3, backoff: { initialMs: 1, maxMs: 1_000_000, factor: 1, jitter: 0 } },
    });
    await expect(pool.run(echo, { signal: never })).rejects.toMatchObject({
      code: "ERR_AGENT_UNAVAILABLE",
      message: expect.stringContaining("too many of the recent calls failed"),
    });
  });

  it("are as many as somebody asks for, within their limits", async () => {
    await using pool = await openFixturePool({ instances: { min: 1, max: 2 } });
    const second = follow(pool, "fixture-2", ["running"]);
    pool.scale("fixture", 99);
    await second;
    expect(pool.agents).toHaveLength(2);
    const [first] = pool.agents;
    pool.scale("fixture", 0);
    await first?.ended;
    expect(pool.agents.filter(({ state }) => state.kind === "running")).toHaveLength(1);
  });
});
