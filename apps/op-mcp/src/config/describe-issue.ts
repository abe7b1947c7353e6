import type * as z from "zod";
import { didYouMean } from "../text/nearest.ts";
import { type ConfigProblem, withAdvice } from "./config-error.ts";
import { configLeaves, configSections } from "./config-leaf.ts";
import type { Origin } from "./config-layer.ts";

type Issue = z.core.$ZodIssue;
type Keys = readonly (string | number)[];

const typeNames: Readonly<Record<string, string>> = {
  array: "a list",
  boolean: "true or false",
  int: "a whole number",
  number: "a number",
  object: "an object",
  record: "an object",
  string: "text",
};

/** Says in the product's words what the schema found wrong, and where it was said; one problem per unknown key. */
export function describeIssue(
  issue: Issue,
  originOf: (keys: Keys) => Origin,
): readonly ConfigProblem[] {
  const keys = issue.path.map((key) => (typeof key === "number" ? key : String(key)));
  if (issue.code !== "unrecognized_keys") {
    return [{ ...placeOf(originOf(keys)), path: keys.join("."), message: explain(issue) }];
  }
  return issue.keys.map((key) => unknownKey([...keys, key], originOf));
}

function unknownKey(keys: Keys, originOf: (keys: Keys) => Origin): ConfigProblem {
  const path = keys.join(".");
  return withAdvice(
    { ...placeOf(originOf(keys)), path, message: "is not a known key" },
    didYouMean(path, knownPaths()),
  );
}

function placeOf({ where, line }: Origin): { where: string; line?: number } {
  return line === undefined ? { where } : { where, line };
}

function knownPaths(): readonly string[] {
  return [
    ...configSections().map((section) => section.name),
    ...configLeaves().map((leaf) => leaf.path),
  ];
}

function explain(issue: Issue): string {
  if (issue.code === "invalid_type") {
    return `must be ${typeNames[issue.expected] ?? issue.expected}`;
  }
  if (issue.code === "invalid_value") {
    return `must be ${issue.values.map((value) => JSON.stringify(value)).join(" or ")}`;
  }
  if (issue.code === "too_small") {
    return `must be ${issue.inclusive === false ? "more than" : "at least"} ${issue.minimum}`;
  }
  if (issue.code === "too_big") {
    return `must be ${issue.inclusive === false ? "less than" : "at most"} ${issue.maximum}`;
  }
  if (issue.code === "invalid_union" && issue.errors.length > 0) {
    return [...new Set(issue.errors.flat().map(explain))].join(", or ");
  }
  return `is wrong: ${issue.message}`;
}
