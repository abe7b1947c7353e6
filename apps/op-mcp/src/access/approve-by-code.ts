import type { Clock } from "op-core";
import { approvalQuestion, type PendingApproval } from "op-tools";
import type { ApprovalCodes } from "../policy/approval-codes.ts";
import { ApprovalCodeError } from "./access-error.ts";

/** What approving by code takes. */
export interface ApproveByCodeOptions {
  /** Opens what is kept between op-mcp and `op-mcp approve`. */
  readonly codes: () => ApprovalCodes;
  readonly clock: Clock;
}

/**
 * Whether somebody on this machine has approved the very call by `op-mcp approve`. If not, the call is refused with
 * `ERR_APPROVAL_CODE`, which tells the code that approves it.
 */
export function approveByCode({ codes, clock }: ApproveByCodeOptions) {
  return (pending: PendingApproval): Promise<boolean> =>
    Promise.try(() => {
      const { call, key } = pending;
      const { principal, via } = call.context;
      const { id } = principal;
      if (codes().take({ callDigest: key, principalId: id }) !== undefined) return true;
      const summary = approvalQuestion(pending).message;
      const { code, expiresAtMs } = codes().request({ callDigest: key, principalId: id, summary });
      const isAmongMany = via === "call_many" || via === "call_many_readonly";
      const asked = { tool: call.tool.name, isAmongMany };
      throw new ApprovalCodeError(asked, code, expiresAtMs - clock.now());
    });
}
