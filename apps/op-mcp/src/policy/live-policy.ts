import { isOpError, type OpError } from "op-core";
import { compilePolicy } from "./compile-policy.ts";
import type { PolicyConfig } from "./policy-config.ts";
import type { Policy } from "./policy.ts";

/** What became of a policy that was to take over. */
export type Replacement =
  | { readonly outcome: "replaced"; readonly before: string; readonly after: string }
  | { readonly outcome: "unchanged"; readonly fingerprint: string }
  | { readonly outcome: "refused"; readonly error: OpError; readonly fingerprint: string };

/** The policy that is in force, which can be replaced. What was decided stays decided. */
export interface LivePolicy extends Policy {
  /** The policy in force, for whoever asks several questions that must have answers from one policy. */
  readonly current: Policy;
  /** Puts another policy into force as a whole. One that cannot work changes nothing. */
  replace(config: PolicyConfig): Replacement;
}

/** Makes a policy that can be replaced. Throws `ERR_POLICY_INVALID` where the first one cannot work. */
export function createLivePolicy(initial: PolicyConfig): LivePolicy {
  let current = compilePolicy(initial);
  return {
    get current() {
      return current;
    },
    get rules() {
      return current.rules;
    },
    get config() {
      return current.config;
    },
    get fingerprint() {
      return current.fingerprint;
    },
    decide: (request) => current.decide(request),
    mayEverCall: (principal, tool) => current.mayEverCall(principal, tool),
    rolesOf: (principal) => current.rolesOf(principal),
    limitsFor: (principal, tool) => current.limitsFor(principal, tool),
    replace: (config) => {
      const before = current.fingerprint;
      const next = tryCompile(config);
      if (isOpError(next)) return { outcome: "refused", error: next, fingerprint: before };
      if (next.fingerprint === before) return { outcome: "unchanged", fingerprint: before };
      current = next;
      return { outcome: "replaced", before, after: next.fingerprint };
    },
  };
}

function tryCompile(config: PolicyConfig): Policy | OpError {
  try {
    return compilePolicy(config);
  } catch (error) {
    if (isOpError(error)) return error;
    throw error;
  }
}
