import { toKnownRisk, type CompiledRule } from "./compiled-rule.ts";
import { lookAtConditions } from "./judge.ts";
import type { Certainty } from "./matching/certainty.ts";
import type { Glob } from "./matching/glob.ts";
import { matchesPrincipal } from "./matching/principal-pattern.ts";
import { toInline, toYamlList } from "./policy-text.ts";
import type { Policy, PolicyDecision, PolicyRequest } from "./policy.ts";

/** What came of looking at one rule. */
export interface RuleExplanation {
  readonly rule: string;
  readonly effect: string;
  /** Whether it fits; `unknown` where the call does not say enough. */
  readonly fits: Certainty;
  /** What does not fit, or is not known; nothing where all fits. */
  readonly because: readonly string[];
  /** Whether it decided. */
  readonly isDecisive: boolean;
}

/** How a decision came about. */
export interface DecisionExplanation {
  readonly decision: PolicyDecision;
  readonly roles: readonly string[];
  /** What each role permits for the call's risk. */
  readonly permissions: readonly { readonly role: string; readonly permission: string }[];
  /** Every rule, in order. */
  readonly rules: readonly RuleExplanation[];
  /** All of this, for people. */
  readonly text: string;
}

/** Explains a decision: each rule of the policy, whether it fits, and why not. */
export function explainDecision(policy: Policy, request: PolicyRequest): DecisionExplanation {
  const decision = policy.decide(request);
  const roles = policy.rolesOf(request.principal);
  const risk = toKnownRisk(request.risk);
  const permissions = roles.flatMap((role) => {
    const permission = policy.config.roles[role]?.permissions[risk];
    return permission === undefined ? [] : [{ role, permission }];
  });
  const rules = policy.rules.map((rule) => ({
    rule: rule.name,
    effect: rule.effect,
    ...lookAt(rule, request, roles),
    isDecisive: rule.name === decision.rule,
  }));
  const explained = { decision, roles, permissions, rules };
  return { ...explained, text: render(explained, request) };
}

function lookAt(
  rule: CompiledRule,
  request: PolicyRequest,
  roles: readonly string[],
): Pick<RuleExplanation, "fits" | "because"> {
  const misfits = findMisfits(rule, request, roles);
  if (misfits.length > 0) return { fits: "no", because: misfits };
  const looks = rule.conditions.map((condition) => ({
    key: condition.key,
    certainty: condition.look(request),
  }));
  return {
    fits: lookAtConditions(rule, request),
    because: looks.flatMap(({ key, certainty }) => {
      if (certainty === "yes") return [];
      return [certainty === "no" ? `${key} does not hold` : `${key} cannot be told from the call`];
    }),
  };
}

function findMisfits(
  rule: CompiledRule,
  { principal, client, tool, source, category, risk }: PolicyRequest,
  roles: readonly string[],
): readonly string[] {
  const isMeant = rule.principals.some((one) => matchesPrincipal(one, principal, client));
  const hasRole = rule.roles?.some((role) => roles.includes(role)) ?? true;
  const known = toKnownRisk(risk);
  return [
    ...(isMeant ? [] : [misfit("principals", rule.config.principals, principal.id)]),
    ...(hasRole ? [] : [misfit("roles", rule.config.roles, roles.join(", ") || "no role")]),
    ...misfitOf("sources", rule.sources, source),
    ...misfitOf("tools", rule.tools, tool),
    ...misfitOf("categories", rule.categories, category),
    ...(rule.risks.has(known) ? [] : [misfit("risks", rule.config.risks, known)]),
  ];
}

function misfitOf(key: string, globs: readonly Glob[], text: string): readonly string[] {
  if (globs.some((glob) => glob.matches(text))) return [];
  return [
    misfit(
      key,
      globs.map(({ pattern }) => pattern),
      text,
    ),
  ];
}

function misfit(key: string, wanted: readonly string[], is: string): string {
  return `${key}: ${toYamlList(wanted)} and not ${toInline(is)}`;
}

function render(
  { decision, roles, permissions, rules }: Omit<DecisionExplanation, "text">,
  { principal, tool, risk }: PolicyRequest,
): string {
  const held = permissions.map(({ role, permission }) => `${role} (${risk}: ${permission})`);
  return [
    `${decision.verdict}: ${toInline(principal.id)} calls ${toInline(tool)} (${risk}), by ${toInline(decision.rule)}`,
    decision.reason,
    ...("howToAllow" in decision ? [decision.howToAllow] : []),
    "",
    `Roles: ${roles.length === 0 ? "none" : held.join(", ")}`,
    rules.length === 0 ? "Rules: none" : "Rules:",
    ...rules.map(renderRule),
  ].join("\n");
}

const marks: Readonly<Record<Certainty, string>> = {
  yes: "fits",
  no: "does not fit",
  unknown: "may fit",
};

function renderRule({ rule, effect, fits, because, isDecisive }: RuleExplanation): string {
  const why = because.length === 0 ? "" : `: ${because.join("; ")}`;
  return `${isDecisive ? "→" : " "} ${effect.padEnd(7)} ${toInline(rule)} ${marks[fits]}${why}`;
}
