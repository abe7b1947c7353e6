import { risks, type Risk } from "op-tools";
import { complainAbout, type Complain } from "./complain.ts";
import { compileArguments } from "./matching/compile-arguments.ts";
import { compilePrincipals } from "./matching/compile-principals.ts";
import type { Condition } from "./matching/condition.ts";
import { compileGlob, type Glob } from "./matching/glob.ts";
import type { PrincipalPattern } from "./matching/principal-pattern.ts";
import { compileTimeWindow, type Walls } from "./matching/time-window.ts";
import type { PolicyProblem } from "./policy-error.ts";
import type { Permission, PolicyRule } from "./policy-rule-config.ts";

/** A rule that is ready to be looked at. */
export interface CompiledRule {
  readonly name: string;
  readonly effect: Permission;
  readonly principals: readonly PrincipalPattern[];
  /** The roles of which one is needed; nothing where none is. */
  readonly roles: readonly string[] | undefined;
  readonly tools: readonly Glob[];
  readonly sources: readonly Glob[];
  readonly categories: readonly Glob[];
  readonly risks: ReadonlySet<Risk>;
  readonly conditions: readonly Condition[];
  /** As it was written. */
  readonly config: PolicyRule;
}

/** The risk that counts: one that is not known may be a grave one. */
export function toKnownRisk(risk: Risk): Risk {
  return risks.includes(risk) ? risk : "destructive";
}

/** What compiling a rule needs to know of the policy around it. */
export interface RuleSurroundings {
  readonly at: number;
  readonly roles: readonly string[];
  readonly walls: Walls;
  readonly problems: PolicyProblem[];
}

/** Prepares a rule; what is wrong with it is added to the problems. */
export function compileRule(
  config: PolicyRule,
  { at, roles, walls, problems }: RuleSurroundings,
): CompiledRule {
  const place = `rules[${at}]`;
  const name = config.name === "" ? place : config.name;
  const where = config.name === "" ? place : `${place} ${JSON.stringify(name)}`;
  const complain = complainAbout({ where, path: ["rules", at] }, problems);
  checkName(config.name, complain);
  return {
    name,
    effect: config.effect,
    principals: compilePrincipals(config.principals, {
      mayNameClients: config.effect === "deny",
      complain,
    }),
    roles: compileRoles(config.roles, { known: roles, complain }),
    tools: config.tools.map(compileGlob),
    sources: config.sources.map(compileGlob),
    categories: config.categories.map(compileGlob),
    risks: new Set(config.risks),
    conditions: compileConditions(config, { walls, complain }),
    config,
  };
}

/** Decisions also name roles and the default, which no rule may pass itself off as. */
function checkName(name: string, complain: Complain): void {
  if (/^(?:role:|default$|rules\[)/.test(name)) {
    complain(["name"], "has a name that decisions use for something else", "Choose another name.");
  }
}

/** Where roles are named. */
export interface RoleCheck {
  readonly known: readonly string[];
  readonly complain: Complain;
}

/** The roles that are named, each of which must be known; nothing where any will do. */
export function compileRoles(
  names: readonly string[],
  { known, complain }: RoleCheck,
): readonly string[] | undefined {
  if (names.includes("*")) return undefined;
  for (const [index, name] of names.entries()) {
    if (known.includes(name)) continue;
    const message = `needs the role ${JSON.stringify(name)}, which there is not`;
    complain(["roles", index], message, `There are ${known.join(", ")}.`);
  }
  return names;
}

function compileConditions(
  config: PolicyRule,
  { walls, complain }: { readonly walls: Walls; readonly complain: Complain },
): readonly Condition[] {
  const window = compileTimeWindow(config.when, walls);
  if ("problem" in window) {
    complain(["when"], `has a window ${window.problem}`);
    return [];
  }
  const { test } = window;
  const inTime: readonly Condition[] =
    test === undefined
      ? []
      : [{ key: "when", isAboutArguments: false, look: ({ atMs }) => test(atMs) }];
  return [...inTime, ...compileArguments(config.args, complain)];
}
