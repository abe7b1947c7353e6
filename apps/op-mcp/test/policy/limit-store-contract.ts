import { describe, expect, it } from "vitest";
import type { LimitStore, Usage, UsageKey } from "../../src/policy/limit-store.ts";

/** A store under test, and the way to let time pass for it. */
export interface LimitsUnderTest extends AsyncDisposable {
  readonly store: LimitStore;
  elapse(ms: number): Promise<void>;
}

const caller: UsageKey = { kind: "caller", id: "alice" };
const session: UsageKey = { kind: "session", id: "alice" };

/** What is kept under a key now. */
async function look(store: LimitStore, key: UsageKey): Promise<Usage & { readonly nowMs: number }> {
  const seen: (Usage & { nowMs: number })[] = [];
  await store.update([key], ([usage], nowMs) => {
    if (usage !== undefined) seen.push({ ...usage, nowMs });
  });
  const last = seen.at(-1);
  if (last === undefined) throw new Error("nothing was given");
  return last;
}

async function count(store: LimitStore, ...keys: readonly UsageKey[]): Promise<void> {
  await store.update(keys, (usages) => {
    for (const usage of usages) usage.calls += 1;
  });
}

/** What every store of limits promises. `open` makes an empty one; the suite disposes it. */
export function describeLimitStore(name: string, open: () => Promise<LimitsUnderTest>): void {
  describe(`${name}, as a store of limits`, () => {
    it("knows nothing of whoever has not come yet, from now on", async () => {
      await using place = await open();
      const { nowMs, ...usage } = await look(place.store, caller);
      expect(usage).toEqual({ sinceMs: nowMs, calls: 0, bytes: 0, destructiveCalls: 0 });
    });

    it("keeps what several usages became in one step, each kind by itself", async () => {
      await using place = await open();
      await count(place.store, caller, session);
      await count(place.store, caller);
      expect((await look(place.store, caller)).calls).toBe(2);
      expect((await look(place.store, session)).calls).toBe(1);
      expect((await look(place.store, { ...caller, id: "bob" })).calls).toBe(0);
      expect(place.store.size).toBeGreaterThanOrEqual(2);
    });

    it("keeps nothing of a step that throws", async () => {
      await using place = await open();
      const refused = Promise.try(() =>
        place.store.update([caller], () => {
          throw new RangeError("too much");
        }),
      );
      await expect(refused).rejects.toThrow("too much");
      expect((await look(place.store, caller)).calls).toBe(0);
    });

    it("loses nothing of steps at the same time", async () => {
      await using place = await open();
      await Promise.all(Array.from({ length: 50 }, () => count(place.store, caller, session)));
      expect((await look(place.store, caller)).calls).toBe(50);
    });

    it("tells every step the time, which goes on", async () => {
      await using place = await open();
      const { nowMs } = await look(place.store, caller);
      await place.elapse(1500);
      const later = await look(place.store, caller);
      expect(later.nowMs - nowMs).toBeGreaterThanOrEqual(1500);
      expect(later.sinceMs).toBe(nowMs);
    });
  });
}
