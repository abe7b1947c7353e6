import type * as z from "zod";
import { valueAt } from "../config/config-layer.ts";
import { toPlainJson } from "../config/to-plain-json.ts";
import { PolicyConfig } from "./policy-config.ts";
import type { PolicyProblem } from "./policy-error.ts";

/** A policy, complete, or what is wrong with it. */
export type PolicyReading =
  | { readonly config: PolicyConfig }
  | { readonly problems: readonly PolicyProblem[] };

/** Completes what a policy says, or tells all that does not fit. Whether its rules can work is another matter. */
export function readPolicyValues(values: unknown): PolicyReading {
  const parsed = PolicyConfig.safeParse(values);
  if (parsed.success) return { config: parsed.data };
  const { issues } = parsed.error;
  return { problems: issues.flatMap((issue) => toProblems(issue, { values, root: "The policy" })) };
}

/** Where a schema found something wrong. */
export interface Checked {
  readonly values: unknown;
  /** What all of it is called. */
  readonly root: string;
}

/** Says in the product's words what a schema found wrong; one problem for each unknown key. */
export function toProblems(
  issue: z.core.$ZodIssue,
  { values, root }: Checked,
): readonly PolicyProblem[] {
  const path = issue.path.map((key) => (typeof key === "number" ? key : String(key)));
  const toProblem = (keys: Keys, message: string): PolicyProblem => ({
    severity: "error",
    where: keys.length === 0 ? root : toText(keys),
    path: keys,
    message,
  });
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => toProblem([...path, key], "is not a known key"));
  }
  const isMissing = valueAt(toPlainJson(values), path) === undefined;
  return [toProblem(path, isMissing ? "is missing" : explain(issue))];
}

type Keys = readonly (string | number)[];

function toText(path: Keys): string {
  return path
    .map((key) => (typeof key === "number" ? `[${key}]` : `.${key}`))
    .join("")
    .replace(/^\./, "");
}

function explain(issue: z.core.$ZodIssue): string {
  if (issue.code === "invalid_type")
    return `must be ${typeNames[issue.expected] ?? issue.expected}`;
  if (issue.code === "invalid_value") {
    return `must be ${issue.values.map((value) => JSON.stringify(value)).join(" or ")}`;
  }
  if (issue.code === "too_small") {
    const isCount = issue.origin === "array" || issue.origin === "string";
    return isCount ? "must not be empty" : `must be at least ${issue.minimum}`;
  }
  if (issue.code === "invalid_union") {
    const told = issue.errors.flat().map((one) => explain(one).replace(/^must be /, ""));
    return `must be ${[...new Set(told)].join(" or ")}`;
  }
  return `is wrong: ${issue.message}`;
}

const typeNames: Readonly<Record<string, string>> = {
  array: "a list",
  boolean: "true or false",
  int: "a whole number",
  null: "null",
  number: "a number",
  object: "an object",
  record: "an object",
  string: "text",
};
