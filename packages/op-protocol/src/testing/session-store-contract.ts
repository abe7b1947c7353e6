import { describe, expect, it } from "vitest";
import type { SessionRecord, SessionStore } from "../sessions/session-store.ts";

/** A store under test, and the way to let time pass for it. */
export interface StoreUnderTest extends AsyncDisposable {
  readonly store: SessionStore;
  elapse(ms: number): Promise<void>;
}

/** Makes an empty store; the suite disposes it. */
export type OpenStore = () => Promise<StoreUnderTest>;

const idleMs = 10_000;
const key = { session: "s1", stream: "a" };

function record(id: string, version = 1): SessionRecord {
  return {
    id,
    principal: "alice",
    view: "",
    version,
    state: {
      revision: "2025-11-25",
      client: { name: "client", version: "1" },
      capabilities: { elicitation: { form: {} } },
      logLevel: "info",
      subscriptions: ["note://a"],
      isInitialized: true,
    },
  };
}

/** Runs what every store of sessions must hold to. */
export function describeSessionStore(name: string, open: OpenStore): void {
  describe(`${name}, as a store of sessions`, () => {
    describeSessions(open);
    describeTime(open);
    describeEvents(open);
  });
}

function describeSessions(open: OpenStore): void {
  it("gives a session back as it was saved, the last time it was", async () => {
    await using under = await open();
    await under.store.save(record("s1"), idleMs);
    await under.store.save(record("s2"), idleMs);
    expect(await under.store.touch("s1", idleMs)).toEqual(record("s1"));
    await under.store.save(record("s1", 2), idleMs);
    expect(await under.store.touch("s1", idleMs)).toEqual(record("s1", 2));
    expect(await under.store.touch("s2", idleMs)).toEqual(record("s2"));
  });

  it("knows nothing of a session that was never saved, or was removed", async () => {
    await using under = await open();
    expect(await under.store.touch("s1", idleMs)).toBeUndefined();
    expect(await under.store.remove("s1")).toBe(false);
    await under.store.save(record("s1"), idleMs);
    expect(await under.store.remove("s1")).toBe(true);
    expect(await under.store.touch("s1", idleMs)).toBeUndefined();
    expect(await under.store.remove("s1")).toBe(false);
  });
}

function describeTime(open: OpenStore): void {
  it("ends a session that nobody used for its time, with its events", async () => {
    await using under = await open();
    await under.store.save(record("s1"), idleMs);
    await under.store.append(key, { sequence: 1, data: "one" });
    await under.elapse(idleMs + 1);
    expect(await under.store.touch("s1", idleMs)).toBeUndefined();
    await under.store.save(record("s1"), idleMs);
    expect(await under.store.replay(key, 0)).toBeUndefined();
  });

  it("keeps a session as long as it is used", async () => {
    await using under = await open();
    await under.store.save(record("s1"), idleMs);
    for (let round = 0; round < 3; round += 1) {
      await under.elapse(idleMs * 0.8);
      expect(await under.store.touch("s1", idleMs)).toEqual(record("s1"));
    }
  });
}

function describeEvents(open: OpenStore): void {
  it("replays what came on a stream after an event, and on no other", async () => {
    await using under = await open();
    await under.store.save(record("s1"), idleMs);
    for (const sequence of [1, 2, 3])
      await under.store.append(key, { sequence, data: `event ${sequence}` });
    await under.store.append({ session: "s1", stream: "b" }, { sequence: 1, data: "other" });
    const rest = [
      { sequence: 2, data: "event 2" },
      { sequence: 3, data: "event 3" },
    ];
    expect(await under.store.replay(key, 1)).toEqual({ events: rest, isEnded: false });
    expect(await under.store.replay(key, 3)).toEqual({ events: [], isEnded: false });
    await under.store.end(key);
    expect(await under.store.replay(key, 1)).toEqual({ events: rest, isEnded: true });
  });

  it("keeps what a client may have to be sent, byte for byte", async () => {
    await using under = await open();
    await under.store.save(record("s1"), idleMs);
    const data = JSON.stringify({ text: 'ä\u2028\0"\\ 😀'.repeat(1000) });
    await under.store.append(key, { sequence: 1, data });
    expect((await under.store.replay(key, 0))?.events).toEqual([{ sequence: 1, data }]);
  });

  it("knows nothing of streams it was not told of, and keeps none for sessions it does not know", async () => {
    await using under = await open();
    expect(await under.store.replay(key, 0)).toBeUndefined();
    await under.store.append(key, { sequence: 1, data: "early" });
    await under.store.end(key);
    await under.store.save(record("s1"), idleMs);
    expect(await under.store.replay(key, 0)).toBeUndefined();
  });

  it("forgets the events of a session that was removed", async () => {
    await using under = await open();
    await under.store.save(record("s1"), idleMs);
    await under.store.append(key, { sequence: 1, data: "one" });
    await under.store.remove("s1");
    await under.store.save(record("s1"), idleMs);
    expect(await under.store.replay(key, 0)).toBeUndefined();
  });
}
