import { OpError } from "op-core";
import { toInline } from "./policy-text.ts";
import type { PolicyDecision, PolicyRequest } from "./policy.ts";

/** One thing that is wrong with a policy, or looks wrong. */
export interface PolicyProblem {
  /** A warning keeps no policy from taking over. */
  readonly severity: "error" | "warning";
  /** The rule, the role or the key, as in `rules[3] "night-shift"`. */
  readonly where: string;
  /** The keys that lead there. */
  readonly path: readonly (string | number)[];
  /** What is wrong, as the end of a sentence that begins with the place. */
  readonly message: string;
  readonly advice?: string;
  /** The file, where the policy came from one. */
  readonly file?: string;
  readonly line?: number;
}

/** The problem as one sentence, with its place and its advice. */
export function formatPolicyProblem(problem: PolicyProblem): string {
  const { where, message, advice, file, line } = problem;
  const place = file === undefined ? "" : `${file}${line === undefined ? "" : `:${line}`}: `;
  return `${place}${where} ${message}.${advice === undefined ? "" : ` ${advice}`}`;
}

/** A policy that cannot be used. */
export class PolicyError extends OpError {
  static readonly code = "ERR_POLICY_INVALID";
  static readonly meaning =
    "The policy has unknown keys, wrong values or rules that cannot work; the message lists all of them.";
  readonly code = PolicyError.code;
  readonly problems: readonly PolicyProblem[];

  constructor(problems: readonly PolicyProblem[]) {
    const lines = problems.map((problem) => `\n  ${formatPolicyProblem(problem)}`);
    super(`The policy cannot be used:${lines.join("")}`, {
      advice: "`op-mcp policy check` checks it again.",
      data: { problems: problems.map(formatPolicyProblem) },
    });
    this.problems = problems;
  }
}

/** A table of examples that is not understood. */
export class PolicyTableError extends OpError {
  static readonly code = "ERR_POLICY_TABLE";
  static readonly meaning = "A table of examples for testing a policy is not understood.";
  readonly code = PolicyTableError.code;

  constructor(problems: readonly PolicyProblem[]) {
    const lines = problems.map((problem) => `\n  ${formatPolicyProblem(problem)}`);
    super(`The examples cannot be used:${lines.join("")}`, {
      advice: "Each example has `as`, `tool` and `expect`, and may have more.",
      data: { problems: problems.map(formatPolicyProblem) },
    });
  }
}

/** A call that the policy does not allow. */
export class PolicyDeniedError extends OpError {
  static readonly code = "ERR_POLICY_DENIED";
  static readonly meaning =
    "The policy does not allow the call; the error names the rule and says what would allow it.";
  readonly code = PolicyDeniedError.code;

  /** `missingScopes` are those with which the caller's token would be enough; empty where no scope would help. */
  constructor(
    request: PolicyRequest,
    decision: PolicyDecision & { readonly verdict: "deny" },
    missingScopes: readonly string[] = [],
  ) {
    const { tool, principal } = request;
    const { rule, reason, howToAllow } = decision;
    super(
      `The policy does not allow ${toInline(principal.id)} to call ${toInline(tool)}: ${reason}`,
      {
        advice: howToAllow,
        data: {
          tool,
          principal: principal.id,
          risk: request.risk,
          rule,
          ...(missingScopes.length === 0 ? {} : { missingScopes: [...missingScopes] }),
        },
      },
    );
  }
}

/** What a limit says about the call that it refused. */
export interface ExceededLimit {
  /** What was attempted, as the subject of a sentence. */
  readonly what: string;
  /** The limit's name, as in `callsPerMinute`. */
  readonly limit: string;
  readonly allowed: number;
  /** How much of it is used, with what was refused where that alone is too much. */
  readonly used: number;
  /** What is counted, as in "calls a minute". */
  readonly unit: string;
  /** The key of the policy that raises it. */
  readonly configKey: string;
  /** When it is free again, where time alone frees it. */
  readonly retryAfterMs?: number;
  /** Whether it gets free without a change of the policy, though nobody can say when. */
  readonly isPassing: boolean;
}

/** A call beyond what the policy's limits allow. */
export class LimitExceededError extends OpError {
  static readonly code = "ERR_LIMIT_EXCEEDED";
  static readonly meaning =
    "The call is beyond a limit of the policy; the error says which, how much is used and when it is free again.";
  readonly code = LimitExceededError.code;

  constructor(exceeded: ExceededLimit) {
    const { what, limit, allowed, used, unit, configKey, retryAfterMs, isPassing } = exceeded;
    const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
    const raise = `raise \`${configKey}\` in op-mcp's configuration`;
    super(`${what} was refused: ${used} of at most ${allowed} ${unit}.`, {
      advice:
        retryAfterMs !== undefined
          ? `Try again in ${retryAfterMs} ms, or ${raise}.`
          : isPassing
            ? `Try again when a running call has ended, or ${raise}.`
            : `Ask for less, or ${raise}.`,
      data: { limit, allowed, used, unit, configKey, ...wait },
      retryable: isPassing || retryAfterMs !== undefined,
    });
  }
}
