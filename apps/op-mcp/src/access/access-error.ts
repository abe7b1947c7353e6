import { OpError } from "op-core";

/** A call that may only be shown, to a tool that cannot show it. */
export class PreviewUnavailableError extends OpError {
  static readonly code = "ERR_PREVIEW_UNAVAILABLE";
  static readonly meaning =
    "The policy lets the call only show what it would do, and the tool cannot tell.";
  readonly code = PreviewUnavailableError.code;

  constructor(tool: string) {
    super(
      `${JSON.stringify(tool)} did not run: the policy allows a dry run only, which it cannot do.`,
      {
        advice: "Ask for a rule with the effect ask or allow in policy.rules, or use another tool.",
        data: { tool },
      },
    );
  }
}

/** A call that waits for a code to be approved. */
export class ApprovalCodeError extends OpError {
  static readonly code = "ERR_APPROVAL_CODE";
  static readonly meaning =
    "The call needs a person's yes, and nobody can be asked: the person approves it by `op-mcp approve CODE`, then it is called again.";
  readonly code = ApprovalCodeError.code;

  constructor(
    { tool, isAmongMany }: { readonly tool: string; readonly isAmongMany: boolean },
    approvalCode: string,
    expiresInMs: number,
  ) {
    const minutes = Math.max(1, Math.round(expiresInMs / 60_000));
    const why = isAmongMany ? "calls made together ask nobody" : "this client cannot ask";
    const alone = isAmongMany ? "Make it by itself. Or ask" : "Ask";
    super(`${JSON.stringify(tool)} did not run: it needs a person's yes, and ${why}.`, {
      advice: `${alone} the person to run \`op-mcp approve ${approvalCode}\` on this machine within ${minutes} min, then make the very same call again.`,
      data: { tool, approvalCode, expiresInMs },
      retryable: true,
    });
  }
}
