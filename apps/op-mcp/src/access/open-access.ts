import { userInfo } from "node:os";
import type { Clock, Logger } from "op-core";
import type { Principal } from "op-tools";
import type { Audit } from "../audit/audit.ts";
import type { Directories } from "../config/directories.ts";
import { createApprovalCodes, type ApprovalCodes } from "../policy/approval-codes.ts";
import { createApprovalFiles } from "../policy/approval-files.ts";
import { compilePolicy } from "../policy/compile-policy.ts";
import { createLimiter, type Limiter } from "../policy/limiter.ts";
import { withOwnUid } from "../policy/own-uid.ts";
import type { PolicyConfig } from "../policy/policy-config.ts";
import type { Policy } from "../policy/policy.ts";
import { approvalsDirectory } from "./approvals-directory.ts";

/** Who may do what, and what that is decided with. */
export interface Access extends Disposable {
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
  readonly directories: Directories;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Prepares the policy. Throws `ERR_POLICY_INVALID` where it cannot be used: without one nothing may run. */
export function openAccess(options: OpenAccessOptions): Access {
  const { directories, clock } = options;
  let policy = compile(options.config);
  let codes: ApprovalCodes | undefined;
  const limiter = createLimiter(
    { limitsFor: (who, tool) => policy.limitsFor(who, tool) },
    { clock },
  );
  return {
    policy: () => policy,
    limiter,
    codes: () => {
      const { codeMs: ttlMs } = policy.config.approval;
      codes ??= createApprovalCodes({
        store: createApprovalFiles(approvalsDirectory(directories)),
        clock,
        ttlMs,
      });
      return codes;
    },
    mayReadAudit: (principal) => mayReadAudit(policy, principal, clock.now()),
    replacePolicy: (config) => {
      policy = replaced(policy, config, options);
    },
    [Symbol.dispose]: () => limiter[Symbol.dispose](),
  };
}

function compile(config: PolicyConfig): Policy {
  return compilePolicy(withOwnUid(config, userInfo().uid));
}

function replaced(
  current: Policy,
  config: PolicyConfig,
  { audit, logger }: OpenAccessOptions,
): Policy {
  try {
    const next = compile(config);
    if (next.fingerprint === current.fingerprint) return current;
    logger.info("The policy changed.", { fingerprint: next.fingerprint });
    const details = { what: "policy", from: current.fingerprint, to: next.fingerprint };
    audit.note({ kind: "event", event: "configuration-changed", details }, "continue");
    return next;
  } catch (error) {
    logger.error("The changed policy is not used; the old one stays.", { error });
    return current;
  }
}

/** It tells what everybody did, so it is for whoever may do the gravest, be it after a question. */
function mayReadAudit(policy: Policy, principal: Principal, atMs: number): boolean {
  const tool = { tool: "read_audit", source: "audit", category: "audit" };
  const request = { ...tool, principal, risk: "privileged", args: {}, atMs } as const;
  return policy.decide(request).verdict !== "deny";
}
