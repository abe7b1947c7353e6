import { describeSessionStore } from "op-protocol/testing";
import { describe, expect, it } from "vitest";
import type { SharedState } from "../../src/sharing/shared-state.ts";
import { describeApprovalStore } from "../policy/approval-store-contract.ts";
import { describeLimitStore } from "../policy/limit-store-contract.ts";

/** A state under test, and the way to let time pass for it. */
export interface SharedUnderTest extends AsyncDisposable {
  readonly shared: SharedState;
  elapse(ms: number): Promise<void>;
}

/** Runs what everything that processes share must hold to. `open` makes an empty one, in a directory that is given. */
export function describeSharedState(
  name: string,
  open: () => SharedUnderTest & { readonly directory: Disposable },
): void {
  const openPart = () => {
    const place = open();
    return Promise.resolve({
      ...place,
      store: place.shared.sessions,
      [Symbol.asyncDispose]: () => place[Symbol.asyncDispose](),
    });
  };
  describeSessionStore(name, openPart);
  describeLimitStore(name, async () => {
    const place = await openPart();
    return { ...place, store: place.shared.limits };
  });
  describeApprovalStore(name, () => {
    const place = open();
    return {
      store: place.shared.approvals,
      [Symbol.dispose]: () => place.directory[Symbol.dispose](),
    };
  });
  describe(`${name}, as what processes share`, () => {
    it("has a key that nobody guesses and that stays", async () => {
      await using place = open();
      const { key } = place.shared;
      expect(key.length).toBeGreaterThanOrEqual(32);
      expect(place.shared.key).toBe(key);
      expect(new Set(key).size).toBeGreaterThan(8);
    });
  });
}
