import { describe, expect, it } from "vitest";
import type { Approval, ApprovalStore, PendingApproval } from "../../src/policy/approval-store.ts";

const pending: PendingApproval = {
  codeDigest: "code",
  callDigest: "call",
  principalId: "oauth:sub=bob",
  summary: "Stop nginx",
  requestedAtMs: 1000,
  expiresAtMs: 5000,
};

const approval: Approval = {
  callDigest: "call",
  principalId: "oauth:sub=bob",
  by: "root",
  approvedAtMs: 2000,
  expiresAtMs: 6000,
};

/** What every store of approvals promises. `open` makes an empty one; it is disposed with what belongs to it. */
export function describeApprovalStore(
  name: string,
  open: () => { readonly store: ApprovalStore } & Disposable,
): void {
  describe(`${name}, as a store of approvals`, () => {
    it("has nothing at first", () => {
      using place = open();
      expect(place.store.pending(0)).toEqual([]);
      expect(place.store.find("code", 0)).toBeUndefined();
      expect(place.store.claim("code", 0)).toBeUndefined();
      expect(place.store.take(approval, 0)).toBeUndefined();
      expect(place.store.failuresSince("root", 0)).toBe(0);
      place.store.prune(0, 0);
    });

    it("finds a call that waits until it expires", () => {
      using place = open();
      place.store.add(pending);
      expect(place.store.find("code", 4999)).toEqual(pending);
      expect(place.store.find("code", 5000)).toBeUndefined();
      expect(place.store.find("other", 2000)).toBeUndefined();
      expect(place.store.pending(5000)).toEqual([]);
    });

    it("lists what waits, the oldest first", () => {
      using place = open();
      const older = { ...pending, codeDigest: "older", requestedAtMs: 500 };
      place.store.add(pending);
      place.store.add(older);
      expect(place.store.pending(2000)).toEqual([older, pending]);
    });

    it("gives a waiting call to the first who claims it", () => {
      using place = open();
      place.store.add(pending);
      expect(place.store.claim("code", 2000)).toEqual(pending);
      expect(place.store.claim("code", 2000)).toBeUndefined();
      expect(place.store.pending(2000)).toEqual([]);
      place.store.add(pending);
      expect(place.store.claim("code", 5000)).toBeUndefined();
    });

    it("gives an approval to the first who takes it, for that call by that caller", () => {
      using place = open();
      place.store.approve(approval);
      expect(place.store.take({ ...approval, principalId: "oauth:sub=eve" }, 3000)).toBeUndefined();
      expect(place.store.take({ ...approval, callDigest: "other" }, 3000)).toBeUndefined();
      expect(place.store.take(approval, 3000)).toEqual(approval);
      expect(place.store.take(approval, 3000)).toBeUndefined();
    });

    it("keeps one approval of a call, the latest", () => {
      using place = open();
      const later = { ...approval, by: "alice", expiresAtMs: 9000 };
      place.store.approve(approval);
      place.store.approve(later);
      expect(place.store.take(approval, 7000)).toEqual(later);
      expect(place.store.take(approval, 7000)).toBeUndefined();
    });

    it("gives no approval that has expired", () => {
      using place = open();
      place.store.approve(approval);
      expect(place.store.take(approval, 6000)).toBeUndefined();
    });

    it("counts failures by who and when", () => {
      using place = open();
      for (const atMs of [1000, 2000, 3000]) place.store.noteFailure("root", atMs);
      place.store.noteFailure("eve", 2500);
      expect(place.store.failuresSince("root", 0)).toBe(3);
      expect(place.store.failuresSince("root", 2000)).toBe(2);
      expect(place.store.failuresSince("root", 3001)).toBe(0);
      expect(place.store.failuresSince("eve", 0)).toBe(1);
    });

    it("prunes what is over and nothing else", () => {
      using place = open();
      place.store.add(pending);
      place.store.add({ ...pending, codeDigest: "fresh", expiresAtMs: 9000 });
      place.store.approve(approval);
      place.store.approve({ ...approval, callDigest: "fresh", expiresAtMs: 9000 });
      place.store.noteFailure("root", 1000);
      place.store.noteFailure("eve", 7000);
      place.store.prune(7000, 2000);
      expect(place.store.find("code", 0)).toBeUndefined();
      expect(place.store.find("fresh", 0)).toBeDefined();
      expect(place.store.take(approval, 0)).toBeUndefined();
      expect(place.store.take({ ...approval, callDigest: "fresh" }, 0)).toBeDefined();
      expect(place.store.failuresSince("root", 0)).toBe(0);
      expect(place.store.failuresSince("eve", 0)).toBe(1);
    });
  });
}
