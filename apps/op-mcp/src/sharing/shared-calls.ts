import type { Clock } from "op-core";
import { createApprovalFiles } from "../policy/approval-files.ts";
import type { ApprovalStore } from "../policy/approval-store.ts";
import { createMemoryLimits, type LimitStore } from "../policy/limit-store.ts";

/** What processes that serve the same callers must know of their calls. */
export interface SharedCalls extends Disposable {
  /** What callers used of their limits. */
  readonly limits: LimitStore;
  /** Calls that wait for a person's yes, and yeses that wait for their calls. */
  readonly approvals: ApprovalStore;
}

/** What keeping it takes. */
export interface SharedCallsOptions {
  /** Where `op-mcp approve`, a process of its own, finds the calls that wait. */
  readonly approvalsDirectory: string;
  readonly clock: Clock;
}

/** Keeps limits in this process, and approvals in a directory that the processes of this machine share. */
export function createOwnCalls({ approvalsDirectory, clock }: SharedCallsOptions): SharedCalls {
  const limits = createMemoryLimits({ clock });
  return {
    limits,
    approvals: createApprovalFiles(approvalsDirectory),
    [Symbol.dispose]: () => limits[Symbol.dispose](),
  };
}
