import type { ListedTool } from "./policy.ts";
import { parseConfigText } from "../config/parse-config-text.ts";
import { nearest } from "../text/nearest.ts";
import { compileParts } from "./compile-policy.ts";
import type { CompiledRule } from "./compiled-rule.ts";
import { withOwnUid } from "./own-uid.ts";
import type { PolicyProblem } from "./policy-error.ts";
import { toInline } from "./policy-text.ts";
import { readPolicyValues } from "./read-policy-values.ts";
import { findShadowedRules } from "./shadowed-rules.ts";

/** What checking a policy takes. */
export interface CheckPolicyOptions {
  /** The file's name: its ending says whether the text is YAML, JSON or TOML. YAML unless told. */
  readonly file?: string;
  /** Whom `unix:uid=self` means. */
  readonly uid?: number;
  /** Every tool there is; with them, patterns that fit none are told. */
  readonly tools?: readonly ListedTool[];
}

/** Everything that is wrong with a policy, or looks wrong: a text, or values that were read already. */
export async function checkPolicy(
  policy: unknown,
  options: CheckPolicyOptions = {},
): Promise<readonly PolicyProblem[]> {
  const { file, uid = 0, tools } = options;
  const { values, lineOf, problem } = await read(policy, file);
  const found = problem === undefined ? checkValues(values, { uid, tools }) : [problem];
  return found.map((one) => {
    const line = lineOf(one.path);
    return {
      ...one,
      ...(file === undefined ? {} : { file }),
      ...(line === undefined ? {} : { line }),
    };
  });
}

const nowhere = (): undefined => undefined;

interface Reading {
  readonly values: unknown;
  readonly lineOf: (path: readonly (string | number)[]) => number | undefined;
  readonly problem?: PolicyProblem;
}

async function read(policy: unknown, file = "policy.yaml"): Promise<Reading> {
  if (typeof policy !== "string") return { values: policy, lineOf: nowhere };
  try {
    const { value, lineOf } = await parseConfigText(file, policy);
    return { values: value, lineOf };
  } catch (error) {
    const message = `cannot be read: ${error instanceof Error ? error.message : String(error)}`;
    const problem = { severity: "error", where: "The policy", path: [], message } as const;
    return { values: undefined, lineOf: nowhere, problem };
  }
}

interface CheckValuesOptions {
  readonly uid: number;
  readonly tools: readonly ListedTool[] | undefined;
}

function checkValues(
  values: unknown,
  { uid, tools }: CheckValuesOptions,
): readonly PolicyProblem[] {
  const parsed = readPolicyValues(values);
  if ("problems" in parsed) return parsed.problems;
  const { parts, problems } = compileParts(withOwnUid(parsed.config, uid));
  // What is left of a rule that cannot work is not what was meant.
  if (problems.length > 0) return problems;
  return [
    ...findShadowedRules(parts.rules),
    ...parts.rules.flatMap(findSweepingGrant),
    ...(tools === undefined ? [] : parts.rules.flatMap((rule, at) => findIdle(rule, at, tools))),
  ];
}

/** A rule that lets everything through, also what loses data for good. */
function findSweepingGrant(rule: CompiledRule, at: number): readonly PolicyProblem[] {
  const { effect, tools, sources, categories, conditions, risks, config } = rule;
  const isSweeping =
    effect === "allow" &&
    conditions.length === 0 &&
    (risks.has("destructive") || risks.has("privileged")) &&
    [tools, sources, categories].every((globs) => globs.some(({ isAny }) => isAny));
  if (!isSweeping) return [];
  const risky = config.risks.filter((risk) => risk === "destructive" || risk === "privileged");
  return [
    {
      severity: "warning",
      where: `rules[${at}] ${toInline(rule.name)}`,
      path: ["rules", at],
      message: `allows ${risky.join(" and ")} calls of every tool without asking anybody`,
      advice: "Name the tools, or leave those risks out of `risks`.",
    },
  ];
}

/** Patterns to which nothing corresponds, probably slips of the pen. */
function findIdle(
  rule: CompiledRule,
  at: number,
  tools: readonly ListedTool[],
): readonly PolicyProblem[] {
  const facets = [
    { key: "tools", what: "tool", globs: rule.tools, known: tools.map(({ name }) => name) },
    {
      key: "sources",
      what: "source",
      globs: rule.sources,
      known: tools.map(({ source }) => source),
    },
    {
      key: "categories",
      what: "category",
      globs: rule.categories,
      known: tools.map(({ category }) => category),
    },
  ];
  return facets.flatMap(({ key, what, globs, known }) =>
    globs.flatMap((glob, index) => {
      const { pattern } = glob;
      if (glob.isAny || known.some((name) => glob.matches(name))) return [];
      const near = nearest(pattern, new Set(known));
      return [
        {
          severity: "warning" as const,
          where: `rules[${at}] ${toInline(rule.name)}`,
          path: ["rules", at, key, index],
          message: `names the ${what} ${toInline(pattern)}, which there is not now`,
          ...(near.length === 0 ? {} : { advice: `Did you mean ${near.join(" or ")}?` }),
        },
      ];
    }),
  );
}
