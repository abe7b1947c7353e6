import type { CompiledRule } from "./compiled-rule.ts";
import type { Certainty } from "./matching/certainty.ts";
import type { Permission } from "./policy-rule-config.ts";
import type { PolicyRequest } from "./policy.ts";
import type { RolePermission } from "./roles.ts";

/** How a rule came to decide: it fits, it may fit, or it would give something to whoever has no role. */
export type Grip = "fits" | "may-fit" | "needs-a-role";

/** What decided: a rule, a role, or that nothing permits the call. */
export type Origin =
  | { readonly kind: "rule"; readonly rule: CompiledRule; readonly grip: Grip }
  | { readonly kind: "role"; readonly permission: RolePermission }
  | { readonly kind: "nothing" };

/** A decision, before it is put into words. */
export interface Ruling {
  readonly verdict: Permission;
  readonly origin: Origin;
  /** Why the verdict is another than what the origin says. */
  readonly because?: "tool-wants-approval" | "tool-has-no-preview";
}

/** The later, the less is permitted. */
const strictness: readonly Permission[] = ["allow", "ask", "dry-run", "deny"];

/** Whether one verdict permits less than another. */
export function isStricter(one: Permission, other: Permission): boolean {
  return strictness.indexOf(one) > strictness.indexOf(other);
}

/** What a rule decides that is known, or not known, to fit. */
export function rulingOf(rule: CompiledRule, certainty: Certainty): Ruling {
  const grip = certainty === "yes" ? "fits" : "may-fit";
  return { verdict: rule.effect, origin: { kind: "rule", rule, grip } };
}

/** What becomes of a call by somebody without a role, to which a rule fits that does not name them. */
export function refusalOf(rule: CompiledRule): Ruling {
  return { verdict: "deny", origin: { kind: "rule", rule, grip: "needs-a-role" } };
}

/** Takes the tool's own wishes into account: a person's yes, and that it cannot say what it would do. */
export function adjust(ruling: Ruling, request: PolicyRequest): Ruling {
  const { verdict, origin } = ruling;
  if (verdict === "allow" && request.needsApproval === true && !isNamed(request.tool, origin)) {
    return { verdict: "ask", origin, because: "tool-wants-approval" };
  }
  if (verdict === "dry-run" && request.canPreview === false) {
    return { verdict: "deny", origin, because: "tool-has-no-preview" };
  }
  return ruling;
}

/** Whether a rule names this very tool: whoever wrote it knew which. */
function isNamed(tool: string, origin: Origin): boolean {
  if (origin.kind !== "rule") return false;
  return origin.rule.tools.some((glob) => glob.isExact && glob.matches(tool));
}
