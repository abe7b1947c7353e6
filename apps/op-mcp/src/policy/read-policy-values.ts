import type * as z from "zod";
import { PolicyConfig } from "./policy-config.ts";
import type { PolicyProblem } from "./policy-error.ts";

/** A policy, complete, or what is wrong with it. */
export type PolicyReading =
  | { readonly config: PolicyConfig }
  | { readonly problems: readonly PolicyProblem[] };

/** Completes what a policy's file says, or tells all that does not fit. Whether the rules can work is another matter. */
export function readPolicyValues(values: unknown): PolicyReading {
  const parsed = PolicyConfig.safeParse(values);
  if (parsed.success) return { config: parsed.data };
  return { problems: parsed.error.issues.flatMap(toProblems) };
}

/** Says in the product's words what a schema found wrong; one problem for each unknown key. */
export function toProblems(issue: z.core.$ZodIssue): readonly PolicyProblem[] {
  const path = issue.path.map((key) => (typeof key === "number" ? key : String(key)));
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => toProblem([...path, key], "is not a known key"));
  }
  return [toProblem(path, explain(issue))];
}

/** Something that is wrong at a key. */
export function toProblem(path: readonly (string | number)[], message: string): PolicyProblem {
  return { severity: "error", where: toText(path), path, message };
}

function toText(path: readonly (string | number)[]): string {
  const text = path
    .map((key) => (typeof key === "number" ? `[${key}]` : `.${key}`))
    .join("")
    .replace(/^\./, "");
  return text === "" ? "The policy" : text;
}

function explain(issue: z.core.$ZodIssue): string {
  if (issue.code === "invalid_type") {
    if (issue.input === undefined) return "is missing";
    return `must be ${typeNames[issue.expected] ?? issue.expected}`;
  }
  if (issue.code === "invalid_value") {
    return `must be ${issue.values.map((value) => JSON.stringify(value)).join(" or ")}`;
  }
  if (issue.code === "too_small") {
    const isCount = issue.origin === "array" || issue.origin === "string";
    return isCount ? "must not be empty" : `must be at least ${issue.minimum}`;
  }
  if (issue.code === "invalid_union") return "must be text, a number, true, false or null";
  return `is wrong: ${issue.message}`;
}

const typeNames: Readonly<Record<string, string>> = {
  array: "a list",
  boolean: "true or false",
  int: "a whole number",
  number: "a number",
  object: "an object",
  record: "an object",
  string: "text",
};
