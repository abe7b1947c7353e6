import { toKnownRisk } from "./compiled-rule.ts";
import { howToAllow, uncertainKeys } from "./how-to-allow.ts";
import type { Permission } from "./policy-rule-config.ts";
import { toInline } from "./policy-text.ts";
import type { PolicyDecision, PolicyRequest } from "./policy.ts";
import type { Ruling } from "./ruling.ts";

/** What of the policy decisions repeat. */
export interface DecisionSettings {
  /** How long a yes counts where a role asks. */
  readonly rememberMs: number;
}

const does: Readonly<Record<Permission, string>> = {
  allow: "allows it",
  ask: "wants a person to agree",
  "dry-run": "allows a dry run only",
  deny: "denies it",
};

/** Puts a ruling into words, and says what would allow the call where it is denied. */
export function toDecision(
  ruling: Ruling,
  request: PolicyRequest,
  { rememberMs }: DecisionSettings,
): PolicyDecision {
  const { verdict, origin } = ruling;
  const rule = nameOf(origin);
  const reason = reasonOf(ruling, request);
  if (verdict === "deny") {
    return { verdict, rule, reason, howToAllow: howToAllow(ruling, request) };
  }
  if (verdict !== "ask") return { verdict, rule, reason };
  const ofRule = origin.kind === "rule" ? origin.rule.config.rememberMs : rememberMs;
  return { verdict, rule, reason, rememberMs: ofRule };
}

function nameOf(origin: Ruling["origin"]): string {
  if (origin.kind === "rule") return origin.rule.name;
  return origin.kind === "role" ? `role:${origin.permission.role}` : "default";
}

function reasonOf(ruling: Ruling, request: PolicyRequest): string {
  const reason = describeOrigin(ruling, request);
  if (ruling.because === "tool-wants-approval") {
    return `${reason} The tool wants a person to agree all the same.`;
  }
  if (ruling.because === "tool-has-no-preview") {
    return `${reason} The tool cannot say what it would do.`;
  }
  return reason;
}

function describeOrigin({ origin }: Ruling, request: PolicyRequest): string {
  const risk = toKnownRisk(request.risk);
  if (origin.kind === "nothing") {
    return `${toInline(request.principal.id)} has no role, and no rule allows the call.`;
  }
  if (origin.kind === "role") {
    const { role, permission } = origin.permission;
    return `The role ${toInline(role)} ${ofCalls[permission]} ${risk} calls, and no rule says otherwise.`;
  }
  const { rule, grip } = origin;
  const why = rule.config.reason === "" ? "" : `: ${rule.config.reason.replace(/\.$/, "")}`;
  const sentence = `The rule ${toInline(rule.name)} ${does[rule.effect]}${why}.`;
  if (grip === "fits") return sentence;
  if (grip === "needs-a-role") {
    return `${sentence} It does not name ${toInline(request.principal.id)}, who has no role.`;
  }
  const keys = uncertainKeys(rule, request).map((key) => `\`${key}\``);
  return `${sentence} The call does not say enough about ${keys.join(", ")} to rule it out.`;
}

const ofCalls: Readonly<Record<Permission, string>> = {
  allow: "allows",
  ask: "asks a person about",
  "dry-run": "allows only dry runs of",
  deny: "does not allow",
};
