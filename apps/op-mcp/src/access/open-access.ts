import type { Clock, Logger } from "op-core";
import type { Principal } from "op-tools";
import type { Audit } from "../audit/audit.ts";
import { createApprovalCodes, type ApprovalCodes } from "../policy/approval-codes.ts";
import { createLimiter, type Limiter } from "../policy/limiter.ts";
import { createLivePolicy, type Replacement } from "../policy/live-policy.ts";
import { withOwnUid } from "../policy/own-uid.ts";
import type { PolicyConfig } from "../policy/policy-config.ts";
import type { Policy } from "../policy/policy.ts";
import type { SharedCalls } from "../sharing/shared-calls.ts";
import { ownUserId } from "./own-user.ts";
import { policyWithScopes, requireRoles, type ScopeRoles } from "./policy-with-scopes.ts";

/** Who may do what, and what that is decided with. */
export interface Access {
  /** The policy that is in force now. */
  readonly policy: () => Policy;
  readonly limiter: Limiter;
  /** What is kept between op-mcp and `op-mcp approve`; opened when a client cannot ask the person behind it. */
  readonly codes: () => ApprovalCodes;
  /** Whether somebody may read what everybody did. */
  readonly mayReadAudit: (principal: Principal) => boolean;
  /** Puts another policy into force, as a whole. One that cannot be used changes nothing, and is told in the log. */
  replacePolicy(config: PolicyConfig): void;
}

/** What opening takes. */
export interface OpenAccessOptions {
  readonly config: PolicyConfig;
  /** Roles by the scope of a token that gives them. */
  readonly scopeRoles?: ScopeRoles;
  /** What is known of callers. */
  readonly shared: SharedCalls;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Prepares the policy. Throws `ERR_POLICY_INVALID` where it cannot be used: without one nothing may run. */
export function openAccess(options: OpenAccessOptions): Access {
  const { shared, clock, scopeRoles = {} } = options;
  requireRoles(options.config, scopeRoles);
  const own = (config: PolicyConfig): PolicyConfig =>
    withOwnUid(policyWithScopes(config, scopeRoles), ownUserId());
  const policy = createLivePolicy(own(options.config));
  const limiter = createLimiter(policy, shared.limits);
  let codes: { readonly ttlMs: number; readonly opened: ApprovalCodes } | undefined;
  return {
    policy: () => policy.current,
    limiter,
    codes: () => {
      const { codeMs: ttlMs } = policy.config.approval;
      if (codes?.ttlMs !== ttlMs) {
        const store = shared.approvals;
        codes = { ttlMs, opened: createApprovalCodes({ store, clock, ttlMs }) };
      }
      return codes.opened;
    },
    mayReadAudit: (principal) => mayReadAudit(policy, principal, clock.now()),
    replacePolicy: (config) => {
      tellReplacement(policy.replace(own(config)), options);
    },
  };
}

function tellReplacement(replacement: Replacement, { audit, logger }: OpenAccessOptions): void {
  if (replacement.outcome === "refused") {
    const { error } = replacement;
    logger.error("The changed policy is not used; the old one stays.", { error });
  }
  if (replacement.outcome !== "replaced") return;
  const { before: from, after: to } = replacement;
  logger.info("The policy changed.", { from, to });
  const details = { what: "policy", from, to };
  audit.note({ kind: "event", event: "configuration-changed", details }, "continue");
}

/** It tells what everybody did, so it is for whoever may do the gravest, be it after a question. */
function mayReadAudit(policy: Policy, principal: Principal, atMs: number): boolean {
  const tool = { tool: "read_audit", source: "audit", category: "audit" };
  const request = { ...tool, principal, risk: "privileged", args: {}, atMs } as const;
  return policy.decide(request).verdict !== "deny";
}
