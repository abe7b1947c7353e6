import { systemClock, type Clock } from "op-core";
import { createApprovalCode, digestApprovalCode } from "./approval-code.ts";
import {
  ApprovalBacklogError,
  ApprovalCodeUnknownError,
  ApprovalLockedError,
} from "./approval-error.ts";
import type { Approval, ApprovalStore, PendingApproval } from "./approval-store.ts";
import { BoundedMap } from "./bounded-map.ts";

/** What approving by codes takes. */
export interface ApprovalCodesOptions {
  readonly store: ApprovalStore;
  readonly clock?: Clock;
  /** How long a code can be used, and then the approval. */
  readonly ttlMs?: number;
  /** How many wrong codes one person may give within that time. */
  readonly maxFailures?: number;
  /** How many calls of one caller may wait. */
  readonly maxPendingPerPrincipal?: number;
}

/** A call for which a code is wanted. */
export interface ApprovalRequest {
  /** See `digestCall`. */
  readonly callDigest: string;
  readonly principalId: string;
  /** What the call would do, for the person. */
  readonly summary: string;
}

/** A code that a person can type. */
export interface IssuedCode {
  readonly code: string;
  readonly expiresAtMs: number;
}

/** Approves calls by codes that work once, where a client cannot ask the person behind it. */
export interface ApprovalCodes {
  /** The code for a call: the same again while it waits in this process. Throws `ERR_APPROVAL_BACKLOG`. */
  request(request: ApprovalRequest): IssuedCode;
  /** What a code would approve. Throws `ERR_APPROVAL_CODE_UNKNOWN` and `ERR_APPROVAL_LOCKED`, as `approve` does. */
  look(code: string, by: string): PendingApproval;
  /** Approves the call that waits for a code, once, and says which it is. */
  approve(code: string, by: string): PendingApproval;
  /** Uses the approval of a call up, and says who gave it; nothing where there is none. */
  take(call: Pick<ApprovalRequest, "callDigest" | "principalId">): Approval | undefined;
  /** Every call that waits, the oldest first. */
  pending(): readonly PendingApproval[];
}

/** Makes approvals by codes over a store, which other processes may share. */
export function createApprovalCodes(options: ApprovalCodesOptions): ApprovalCodes {
  return new StoredApprovalCodes(options);
}

/** Only to give the same call the same code again; a code that was forgotten here still works. */
const mostIssued = 1000;

/** What a person reads before they agree. */
const longestSummary = 2000;

class StoredApprovalCodes implements ApprovalCodes {
  readonly #store: ApprovalStore;
  readonly #clock: Clock;
  readonly #ttlMs: number;
  readonly #maxFailures: number;
  readonly #maxPending: number;
  readonly #issued = new BoundedMap<IssuedCode & { readonly codeDigest: string }>(mostIssued);

  constructor(options: ApprovalCodesOptions) {
    const { clock = systemClock, ttlMs = 600_000, maxFailures = 10 } = options;
    this.#store = options.store;
    this.#clock = clock;
    this.#ttlMs = ttlMs;
    this.#maxFailures = maxFailures;
    this.#maxPending = options.maxPendingPerPrincipal ?? 20;
  }

  request({ callDigest, principalId, summary }: ApprovalRequest): IssuedCode {
    const nowMs = this.#clock.now();
    const key = JSON.stringify([callDigest, principalId]);
    const issued = this.#issued.get(key);
    if (issued !== undefined && this.#store.find(issued.codeDigest, nowMs) !== undefined) {
      return { code: issued.code, expiresAtMs: issued.expiresAtMs };
    }
    this.#store.prune(nowMs, nowMs - this.#ttlMs);
    const waiting = this.#store.pending(nowMs).filter((one) => one.principalId === principalId);
    if (waiting.length >= this.#maxPending) throw new ApprovalBacklogError(waiting.length);
    const { code, digest: codeDigest } = createApprovalCode();
    const expiresAtMs = nowMs + this.#ttlMs;
    this.#store.add({
      codeDigest,
      callDigest,
      principalId,
      summary: summary.slice(0, longestSummary),
      requestedAtMs: nowMs,
      expiresAtMs,
    });
    this.#issued.set(key, { code, codeDigest, expiresAtMs });
    return { code, expiresAtMs };
  }

  look(code: string, by: string): PendingApproval {
    return this.#withCode(code, by, (digest, nowMs) => this.#store.find(digest, nowMs));
  }

  approve(code: string, by: string): PendingApproval {
    const claimed = this.#withCode(code, by, (digest, nowMs) => this.#store.claim(digest, nowMs));
    const { callDigest, principalId } = claimed;
    const approvedAtMs = this.#clock.now();
    const expiresAtMs = approvedAtMs + this.#ttlMs;
    this.#store.approve({ callDigest, principalId, by, approvedAtMs, expiresAtMs });
    return claimed;
  }

  take(call: Pick<ApprovalRequest, "callDigest" | "principalId">): Approval | undefined {
    return this.#store.take(call, this.#clock.now());
  }

  pending(): readonly PendingApproval[] {
    return this.#store.pending(this.#clock.now());
  }

  /** Nothing is looked up for whoever guesses. */
  #withCode(
    code: string,
    by: string,
    find: (codeDigest: string, nowMs: number) => PendingApproval | undefined,
  ): PendingApproval {
    const nowMs = this.#clock.now();
    const failures = this.#store.failuresSince(by, nowMs - this.#ttlMs);
    if (failures >= this.#maxFailures) throw new ApprovalLockedError(failures, this.#ttlMs);
    const digest = digestApprovalCode(code);
    const found = digest === undefined ? undefined : find(digest, nowMs);
    if (found !== undefined) return found;
    this.#store.noteFailure(by, nowMs);
    throw new ApprovalCodeUnknownError();
  }
}
