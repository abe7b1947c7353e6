import { canonicalJson } from "op-core";
import type { CompiledRule } from "./compiled-rule.ts";
import type { Glob } from "./matching/glob.ts";
import type { PrincipalPattern } from "./matching/principal-pattern.ts";
import type { PolicyProblem } from "./policy-error.ts";
import { toInline } from "./policy-text.ts";
import { toPlainJson } from "../config/to-plain-json.ts";

/** Warns of rules that never decide, because another one does wherever they would fit. */
export function findShadowedRules(rules: readonly CompiledRule[]): readonly PolicyProblem[] {
  return rules.flatMap((rule, at) => {
    const shade = rules.find((other, index) => index !== at && isShadow(other, index < at, rule));
    if (shade === undefined) return [];
    const why = shade.effect === "deny" && rule.effect !== "deny" ? "denies" : "decides";
    return [
      {
        severity: "warning" as const,
        where: `rules[${at}] ${toInline(rule.name)}`,
        path: ["rules", at],
        message: `never decides anything: ${toInline(shade.name)} ${why} wherever it fits`,
        advice: "Remove it, or put it before the other or make that one narrower.",
      },
    ];
  });
}

/** Whether a rule decides wherever another one fits. Says no where that is not plain to see. */
function isShadow(shade: CompiledRule, isEarlier: boolean, rule: CompiledRule): boolean {
  const isFirst = isEarlier && (shade.effect === "deny") === (rule.effect === "deny");
  const isStronger = shade.effect === "deny" && rule.effect !== "deny";
  if (!isFirst && !isStronger) return false;
  return (
    coversConditions(shade, rule) &&
    coversPrincipals(shade, rule) &&
    coversRoles(shade, rule) &&
    coversAll(shade.tools, rule.tools) &&
    coversAll(shade.sources, rule.sources) &&
    coversAll(shade.categories, rule.categories) &&
    [...rule.risks].every((risk) => shade.risks.has(risk))
  );
}

/** A rule that only may fit does not decide, unless it denies; one that tightens then still counts. */
function coversConditions(shade: CompiledRule, rule: CompiledRule): boolean {
  if (shade.conditions.length === 0) return true;
  const isAlike =
    shade.effect === rule.effect || shade.effect === "deny" || rule.effect === "allow";
  return isAlike && conditionsText(shade) === conditionsText(rule);
}

function conditionsText({ config: { args, when } }: CompiledRule): string {
  return canonicalJson(toPlainJson({ args, when }));
}

/** `*` in a rule that allows does not reach those without a role. */
function coversPrincipals(shade: CompiledRule, rule: CompiledRule): boolean {
  const covers = (one: PrincipalPattern, other: PrincipalPattern): boolean => {
    if (one.facet !== "anyone")
      return one.facet === other.facet && coversGlob(one.glob, other.glob);
    if (shade.effect !== "allow" || rule.roles !== undefined) return true;
    return rule.effect === "allow" && other.facet === "anyone";
  };
  return rule.principals.every((other) => shade.principals.some((one) => covers(one, other)));
}

function coversRoles(shade: CompiledRule, rule: CompiledRule): boolean {
  if (shade.roles === undefined) return true;
  const { roles } = shade;
  return rule.roles?.every((role) => roles.includes(role)) ?? false;
}

function coversAll(shades: readonly Glob[], globs: readonly Glob[]): boolean {
  return globs.every((glob) => shades.some((shade) => coversGlob(shade, glob)));
}

/** A star in the narrower pattern is text like any other to the wider one: what fits then, fits whatever it stands for. */
function coversGlob(shade: Glob, glob: Glob): boolean {
  return shade.matches(glob.pattern);
}
