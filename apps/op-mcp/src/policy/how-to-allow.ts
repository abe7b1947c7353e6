import { toKnownRisk, type CompiledRule } from "./compiled-rule.ts";
import { parsePrincipalPattern } from "./matching/principal-pattern.ts";
import { toInline, toYamlList, toYamlScalar } from "./policy-text.ts";
import type { PolicyRequest } from "./policy.ts";
import type { Ruling } from "./ruling.ts";

/** Says what would allow a call that was denied, with the very lines of the policy. */
export function howToAllow({ origin, because }: Ruling, request: PolicyRequest): string {
  if (origin.kind !== "rule" || origin.grip === "needs-a-role" || because !== undefined) {
    const { id } = request.principal;
    const whom = isNameable(id) ? id : unnameable;
    const remark = whom === id ? "" : ` ${toInline(id)} cannot be named: name a scope or a group.`;
    return `Make this the first of the policy's rules, in op-mcp's configuration:${remark}\n${renderAllow(request, whom)}`;
  }
  const { rule, grip } = origin;
  const name = toInline(rule.name);
  const remove = `remove ${name} from policy.rules, or narrow it: no rule that allows is stronger than one that denies`;
  if (grip === "fits") return `To allow it, ${remove}.`;
  const keys = uncertainKeys(rule, request).map((key) => `\`${key}\``);
  return `Make the call with what the rule looks at (${keys.join(", ")}). To allow it as it is, ${remove}. \`absent: false\` makes the rule fit only where the argument is there.`;
}

/** The conditions of a rule about which the call does not say enough. */
export function uncertainKeys(rule: CompiledRule, request: PolicyRequest): readonly string[] {
  return rule.conditions
    .filter((condition) => condition.look(request) === "unknown")
    .map(({ key }) => key);
}

/** A rule that allows calls like this one and no others. */
function renderAllow({ tool, source, risk }: PolicyRequest, whom: string): string {
  return [
    "policy:",
    "  rules:",
    `    - name: ${toYamlScalar(`allow ${tool}`)}`,
    "      effect: allow",
    `      principals: ${toYamlList([whom])}`,
    `      sources: ${toYamlList([source])}`,
    `      tools: ${toYamlList([tool])}`,
    `      risks: ${toYamlList([toKnownRisk(risk)])}`,
  ].join("\n");
}

/** Stands where a person has to choose; as it is, the policy would be refused. */
const unnameable = "WHOM";

/** An id with a star in it would allow others too, and one of no known kind nobody. */
function isNameable(id: string): boolean {
  return !id.includes("*") && !("problem" in parsePrincipalPattern(id));
}
