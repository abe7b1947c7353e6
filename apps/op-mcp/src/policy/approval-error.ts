import { OpError } from "op-core";

/** A code for which no call waits. */
export class ApprovalCodeUnknownError extends OpError {
  static readonly code = "ERR_APPROVAL_CODE_UNKNOWN";
  static readonly meaning =
    "No call waits for this approval code: it was mistyped, used already, or has expired.";
  readonly code = ApprovalCodeUnknownError.code;

  constructor() {
    super("No call waits for this approval code.", {
      advice:
        "Compare it with the one you were given. Codes work once and expire; make the call again for another.",
    });
  }
}

/** Somebody who gave too many codes for which nothing waits. */
export class ApprovalLockedError extends OpError {
  static readonly code = "ERR_APPROVAL_LOCKED";
  static readonly meaning =
    "Too many wrong approval codes were given; for a while no further one is looked at.";
  readonly code = ApprovalLockedError.code;

  constructor(failures: number, retryAfterMs: number) {
    super(`${failures} wrong approval codes were given; no further one is looked at for a while.`, {
      advice: `Try again in at most ${Math.ceil(retryAfterMs / 1000)} s.`,
      data: { failures, retryAfterMs },
      retryable: true,
    });
  }
}

/** A caller for whom too many calls wait. */
export class ApprovalBacklogError extends OpError {
  static readonly code = "ERR_APPROVAL_BACKLOG";
  static readonly meaning = "Too many calls of the caller wait for an approval code already.";
  readonly code = ApprovalBacklogError.code;

  constructor(waiting: number) {
    super(`${waiting} calls of this caller wait for their approval codes already.`, {
      advice: "Have some of them approved with `op-mcp approve CODE`, or wait until they expire.",
      data: { waiting },
      retryable: true,
    });
  }
}

/** A place for approvals that cannot be used, or that others could use. */
export class ApprovalStoreError extends OpError {
  static readonly code = "ERR_APPROVAL_STORE";
  static readonly meaning =
    "The directory of approvals cannot be used, or other users could write to it.";
  readonly code = ApprovalStoreError.code;

  constructor(directory: string, problem: string, cause?: unknown) {
    super(`Approvals cannot be kept in ${JSON.stringify(directory)}: ${problem}.`, {
      advice: "Make it a directory of your own that nobody else may enter: chmod 0700.",
      data: { directory },
      ...(cause === undefined ? {} : { cause }),
    });
  }
}
