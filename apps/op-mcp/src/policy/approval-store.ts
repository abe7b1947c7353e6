/** A call that waits for a person to approve it by a code. */
export interface PendingApproval {
  /** The digest of the code; the code itself is kept nowhere. */
  readonly codeDigest: string;
  /** The digest of the call. */
  readonly callDigest: string;
  readonly principalId: string;
  /** What the call would do, for the person. */
  readonly summary: string;
  readonly requestedAtMs: number;
  readonly expiresAtMs: number;
}

/** A call that a person approved, and that was not made since. */
export interface Approval {
  readonly callDigest: string;
  readonly principalId: string;
  /** Who approved it. */
  readonly by: string;
  readonly approvedAtMs: number;
  readonly expiresAtMs: number;
}

/**
 * Where approvals by code are kept between the process that asks and the one that approves. Every method is atomic
 * towards all processes that share the store; what has expired is not found. Synchronous: it holds a handful of small
 * records, which are looked at only where a person is in between anyway.
 */
export interface ApprovalStore {
  /** Keeps a call that waits. */
  add(pending: PendingApproval): void;
  /** Every call that waits, the oldest first. */
  pending(nowMs: number): readonly PendingApproval[];
  /** The call that waits for a code. */
  find(codeDigest: string, nowMs: number): PendingApproval | undefined;
  /** Ends the waiting for a code; of several who do so, one gets the call. */
  claim(codeDigest: string, nowMs: number): PendingApproval | undefined;
  /** Keeps an approval until it is taken; a later one of the same call by the same caller replaces it. */
  approve(approval: Approval): void;
  /** Takes the approval of a call out; of several who do so, one gets it. */
  take(call: Pick<Approval, "callDigest" | "principalId">, nowMs: number): Approval | undefined;
  /** Notes that somebody gave a code for which nothing waits. */
  noteFailure(by: string, atMs: number): void;
  /** How often somebody did so since then. */
  failuresSince(by: string, sinceMs: number): number;
  /** Removes what has expired, and the failures before `failuresBeforeMs`. */
  prune(nowMs: number, failuresBeforeMs: number): void;
}

/** Makes a store for one process. */
export function createMemoryApprovals(): ApprovalStore {
  return new MemoryApprovals();
}

class MemoryApprovals implements ApprovalStore {
  readonly #pending = new Map<string, PendingApproval>();
  readonly #approvals = new Map<string, Approval>();
  #failures: { readonly by: string; readonly atMs: number }[] = [];

  add(pending: PendingApproval): void {
    this.#pending.set(pending.codeDigest, pending);
  }

  pending(nowMs: number): readonly PendingApproval[] {
    return [...this.#pending.values()]
      .filter(({ expiresAtMs }) => expiresAtMs > nowMs)
      .toSorted((one, other) => one.requestedAtMs - other.requestedAtMs);
  }

  find(codeDigest: string, nowMs: number): PendingApproval | undefined {
    const found = this.#pending.get(codeDigest);
    return found !== undefined && found.expiresAtMs > nowMs ? found : undefined;
  }

  claim(codeDigest: string, nowMs: number): PendingApproval | undefined {
    const found = this.find(codeDigest, nowMs);
    this.#pending.delete(codeDigest);
    return found;
  }

  approve(approval: Approval): void {
    this.#approvals.set(keyOf(approval), approval);
  }

  take(call: Pick<Approval, "callDigest" | "principalId">, nowMs: number): Approval | undefined {
    const found = this.#approvals.get(keyOf(call));
    this.#approvals.delete(keyOf(call));
    return found !== undefined && found.expiresAtMs > nowMs ? found : undefined;
  }

  noteFailure(by: string, atMs: number): void {
    this.#failures.push({ by, atMs });
  }

  failuresSince(by: string, sinceMs: number): number {
    return this.#failures.filter((one) => one.by === by && one.atMs >= sinceMs).length;
  }

  prune(nowMs: number, failuresBeforeMs: number): void {
    for (const [key, { expiresAtMs }] of this.#pending) {
      if (expiresAtMs <= nowMs) this.#pending.delete(key);
    }
    for (const [key, { expiresAtMs }] of this.#approvals) {
      if (expiresAtMs <= nowMs) this.#approvals.delete(key);
    }
    this.#failures = this.#failures.filter(({ atMs }) => atMs >= failuresBeforeMs);
  }
}

function keyOf({ callDigest, principalId }: Pick<Approval, "callDigest" | "principalId">): string {
  return JSON.stringify([callDigest, principalId]);
}
