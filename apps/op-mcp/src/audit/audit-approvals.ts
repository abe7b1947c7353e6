import type { PendingApproval } from "op-tools";
import type { Audit } from "./audit.ts";

/** Notes each answer of a person: to which call, with which effect. */
export function auditApprovals(audit: Audit) {
  return (isApproved: boolean, { call, effect, key }: PendingApproval): void => {
    const { principal, sessionId, requestId } = call.context;
    audit.note(
      {
        kind: "event",
        event: isApproved ? "approval-given" : "approval-declined",
        principal: principal.id,
        sessionId,
        requestId,
        details: { tool: call.tool.name, risk: effect.risk, effect: effect.summary, call: key },
      },
      "continue",
    );
  };
}
