import type { AccessRule } from "./access-config.ts";
import { AccessRuleError } from "./access-error.ts";
import { createGlob } from "./glob.ts";
import type { Fact, OperationView } from "./operation-view.ts";
import { isMeant, type Caller } from "./principal.ts";
import { asList, patternKeys, ruleProblems } from "./rule-problems.ts";
import { unescapeLabel } from "./unit-names.ts";

/** A rule that is ready to be held against operations. */
export interface CompiledRule {
  /** Its name, or its place. */
  readonly label: string;
  readonly rule: AccessRule;
  appliesTo(caller: Caller, operation: OperationView): boolean;
}

type Predicate = (operation: OperationView) => boolean;

/** Makes a rule ready; throws `ERR_DBUS_ACCESS_RULE` for one that cannot be followed. */
export function compileRule(rule: AccessRule, index: number): CompiledRule {
  const place = `rule ${index + 1}`;
  const [problem] = ruleProblems(rule);
  if (problem !== undefined) {
    throw new AccessRuleError(rule.name === undefined ? place : `${place} (${rule.name})`, problem);
  }
  const predicates = predicatesOf(rule);
  const principals = rule.deny === true ? ["*"] : (rule.deny ?? rule.allow ?? []);
  return {
    label: rule.name ?? place,
    rule,
    appliesTo: (caller, operation) =>
      principals.some((pattern) => isMeant(pattern, caller)) &&
      predicates.every((fits) => fits(operation)),
  };
}

function predicatesOf(rule: AccessRule): readonly Predicate[] {
  const fitsFact = rule.deny === undefined ? allFit : someFits;
  const classes = rule.class === undefined ? undefined : asList(rule.class);
  return [
    ...patternKeys.flatMap((key): Predicate[] => {
      const patterns = rule[key];
      if (patterns === undefined) return [];
      const fits = fitsFact(asList(patterns));
      return [(operation) => fits(operation[key])];
    }),
    ...Object.entries(rule.args ?? {}).map(([name, patterns]): Predicate => {
      const fits = fitsFact(patterns);
      return (operation) => fits(operation.args(name));
    }),
    ...(classes === undefined
      ? []
      : [(operation: OperationView) => operation.classes.some((one) => classes.includes(one))]),
  ];
}

/** A rule that allows must fit everything it looks at, and something must be there. */
function allFit(patterns: readonly string[]): (fact: Fact) => boolean {
  const globs = patterns.map(createGlob);
  return ({ values }) =>
    values.length > 0 && values.every((value) => globs.some((fits) => fits(value)));
}

/** A rule that denies applies as soon as anything fits, in any spelling, and to what does not tell. */
function someFits(patterns: readonly string[]): (fact: Fact) => boolean {
  const globs = [...patterns, ...patterns.map(unescapeLabel)].map(createGlob);
  return ({ values, aliases = [], isHidden }) =>
    isHidden || [...values, ...aliases].some((value) => globs.some((fits) => fits(value)));
}
