import { createManualClock } from "op-core/testing";
import { describe, expect, it } from "vitest";
import { createMemorySessionStore } from "../../src/http/index.ts";
import { describeSessionStore } from "../../src/testing/index.ts";

describeSessionStore("a store in memory", async () => {
  const clock = createManualClock();
  const store = createMemorySessionStore({ clock });
  return await Promise.resolve({
    store,
    elapse: (ms) => clock.advance(ms),
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  });
});

const state = {
  revision: "2025-11-25",
  capabilities: {},
  logLevel: "info",
  subscriptions: [],
  isInitialized: true,
} as const;
const record = { id: "s", principal: "p", view: "", version: 1, state } as const;

async function open(limits: { maxEventBytes?: number; maxStreams?: number }) {
  const clock = createManualClock();
  const store = createMemorySessionStore({ clock, ...limits });
  await store.save(record, 60_000);
  return { clock, store };
}

const on = (stream: string) => ({ session: "s", stream });

describe("a store in memory", () => {
  it("drops the oldest events for newer ones, and says of a gap that it cannot fill it", async () => {
    const { store } = await open({ maxEventBytes: 30 });
    await store.append(on("a"), { sequence: 1, data: "x".repeat(10) });
    await store.append(on("b"), { sequence: 1, data: "x".repeat(10) });
    await store.append(on("b"), { sequence: 2, data: "x".repeat(10) });
    await store.append(on("b"), { sequence: 3, data: "last" });
    expect(await store.replay(on("a"), 0)).toBeUndefined();
    expect(await store.replay(on("a"), 1)).toEqual({ events: [], isEnded: false });
    expect((await store.replay(on("b"), 0))?.events).toHaveLength(3);
    await store.append(on("c"), { sequence: 1, data: "x".repeat(30) });
    expect(await store.replay(on("b"), 2)).toBeUndefined();
    expect((await store.replay(on("c"), 0))?.events).toHaveLength(1);
  });

  it("remembers no more streams than it may", async () => {
    const { store } = await open({ maxStreams: 2 });
    for (const stream of ["a", "b", "c"])
      await store.append(on(stream), { sequence: 1, data: stream });
    expect(await store.replay(on("a"), 0)).toBeUndefined();
    expect((await store.replay(on("b"), 0))?.events).toHaveLength(1);
    expect((await store.replay(on("c"), 0))?.events).toHaveLength(1);
  });

  it("forgets sessions nobody asks for, and leaves no timer behind", async () => {
    const { store, clock } = await open({});
    await clock.advance(200_000);
    expect(await store.touch("s", 1)).toBeUndefined();
    await store[Symbol.asyncDispose]();
    expect(clock.pendingTimers).toBe(0);
  });
});
