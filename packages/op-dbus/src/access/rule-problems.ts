import { isInterfaceName } from "../names/interface-name.ts";
import { isMemberName } from "../names/member-name.ts";
import type { AccessRule } from "./access-config.ts";
import { propertiesInterfaceName } from "./operation-target.ts";
import { isLabelOnly, isPrincipalPattern } from "./principal.ts";

const longestPattern = 1024;

/** The predicates of a rule that are patterns. */
export const patternKeys = ["bus", "service", "interface", "member", "path", "unit"] as const;

/** One value or several, as several. */
export function asList<T extends string>(value: T | readonly T[]): readonly T[] {
  return typeof value === "string" ? [value] : value;
}

/** What is wrong with a rule, each in one sentence; a rule that would silently never apply is wrong too. */
export function ruleProblems(rule: AccessRule): readonly string[] {
  return [...effectProblems(rule), ...principalProblems(rule), ...patternProblems(rule)];
}

/** What is wrong with the name of an operation that is to be unlocked. */
export function unlockedProblem(name: string): string | undefined {
  const dot = name.lastIndexOf(".");
  const owner = name.slice(0, Math.max(dot, 0));
  if (!isInterfaceName(owner) || !isMemberName(name.slice(dot + 1))) {
    return `${quote(name)} is no interface with a member, such as org.freedesktop.systemd1.Manager.StartTransientUnit.`;
  }
  return owner === propertiesInterfaceName
    ? "Name the interface that has the property, not org.freedesktop.DBus.Properties."
    : undefined;
}

function effectProblems({ deny, allow, ...rule }: AccessRule): readonly string[] {
  const isDenying = deny !== undefined;
  const classes = rule.class === undefined ? [] : asList(rule.class);
  return [
    ...(isDenying === (allow !== undefined) ? ["It needs either deny or allow."] : []),
    ...(isDenying && (rule.confirm !== undefined || rule.interactiveAuth !== undefined)
      ? ["confirm and interactiveAuth belong to rules that allow."]
      : []),
    ...(!isDenying && classes.includes("forbidden")
      ? ["No rule can allow what is forbidden: name the operation in unlocked."]
      : []),
  ];
}

function principalProblems({ deny, allow }: AccessRule): readonly string[] {
  const denied = deny === true || deny === undefined ? undefined : deny;
  const isEmpty = allow?.length === 0 || denied?.length === 0;
  const patterns = [...(allow ?? []), ...(denied ?? [])];
  return [
    ...(isEmpty ? ["It names no caller."] : []),
    ...patterns
      .filter((pattern) => !isPrincipalPattern(pattern))
      .map((pattern) => `${quote(pattern)} names no caller.`),
    ...(allow ?? [])
      .filter(isLabelOnly)
      .map(
        (pattern) =>
          `${quote(pattern)} is what a program calls itself, and nobody checks it: it can deny but not allow.`,
      ),
  ];
}

function patternProblems(rule: AccessRule): readonly string[] {
  const lists = [
    ...patternKeys.map((key) => [key, rule[key]] as const),
    ["class", rule.class] as const,
    ...Object.entries(rule.args ?? {}).map(
      ([name, patterns]) => [`args.${name}`, patterns] as const,
    ),
  ];
  return lists.flatMap(([key, value]) => {
    if (value === undefined) return [];
    const patterns = asList(value);
    if (patterns.length === 0) return [`${key} is empty, so the rule would never apply.`];
    return patterns
      .filter((pattern) => pattern === "" || pattern.length > longestPattern)
      .map((pattern) => `A pattern of ${key} has ${pattern.length} characters.`);
  });
}

function quote(text: string): string {
  return JSON.stringify(text.slice(0, 200));
}
