import { posix } from "node:path";
import type { JsonObject, JsonValue } from "op-core";
import type { ArgumentPredicate } from "../policy-rule-config.ts";
import { findArguments, type ArgumentPath, type Found } from "./argument-path.ts";
import { agreementOf, allOf, certain, type Certainty } from "./certainty.ts";
import { compileGlob } from "./glob.ts";

type Scalar = string | number | boolean | null;
type ValueTest = (value: JsonValue) => Certainty;

/** Whether something is true of a call's arguments. */
export type ArgumentTest = (args: JsonObject) => Certainty;

/**
 * Prepares what must be true at a path. It is known only where the argument is there and has the type that the test is
 * about; of several elements of a list, only where the same is true of all, and there is one.
 */
export function compilePredicate(path: ArgumentPath, predicate: ArgumentPredicate): ArgumentTest {
  const tests = testsOf(predicate);
  const { absent } = predicate;
  const look = (found: Found): Certainty => {
    if (found.kind === "misshapen") return "unknown";
    if (found.kind === "absent") return absent === undefined ? "unknown" : certain(absent);
    if (absent === true) return found.value === null ? "unknown" : "no";
    return allOf(tests.map((test) => test(found.value)));
  };
  return (args) => agreementOf(findArguments(args, path).map(look));
}

/** What a predicate says of a value; nothing where it only says whether there is one. */
function testsOf(predicate: ArgumentPredicate): readonly ValueTest[] {
  const { equals, oneOf, glob, notGlob, under, notUnder, atLeast, atMost } = predicate;
  return [
    ...(equals === undefined ? [] : [isOneOf([equals])]),
    ...(oneOf === undefined ? [] : [isOneOf(oneOf)]),
    ...(glob === undefined ? [] : [matchesGlobs(glob)]),
    ...(notGlob === undefined ? [] : [negate(matchesGlobs(notGlob))]),
    ...(under === undefined ? [] : [isUnder(under)]),
    ...(notUnder === undefined ? [] : [negate(isUnder(notUnder))]),
    ...(atLeast === undefined ? [] : [onNumber((number) => number >= atLeast)]),
    ...(atMost === undefined ? [] : [onNumber((number) => number <= atMost)]),
  ];
}

/** A value of a type that none of the choices has may still mean one of them. */
function isOneOf(choices: readonly Scalar[]): ValueTest {
  const types = new Set(choices.map(typeOf));
  const values = new Set<JsonValue>(choices);
  return (value) => {
    if (values.has(value)) return "yes";
    return types.has(typeOf(value)) ? "no" : "unknown";
  };
}

function typeOf(value: JsonValue): string {
  return value === null ? "null" : typeof value;
}

function matchesGlobs(patterns: readonly string[]): ValueTest {
  const globs = patterns.map(compileGlob);
  return (value) => {
    if (typeof value !== "string") return "unknown";
    return certain(globs.some((glob) => glob.matches(value)));
  };
}

/** A relative path, or one with a NUL, leads nobody knows where. */
function isUnder(directories: readonly string[]): ValueTest {
  const roots = directories.map((directory) => posix.join(posix.normalize(directory), "/"));
  return (value) => {
    if (typeof value !== "string" || !value.startsWith("/") || value.includes("\0")) {
      return "unknown";
    }
    const path = posix.join(posix.normalize(value), "/");
    return certain(roots.some((root) => path.startsWith(root)));
  };
}

function onNumber(holds: (number: number) => boolean): ValueTest {
  return (value) => (typeof value === "number" ? certain(holds(value)) : "unknown");
}

function negate(test: ValueTest): ValueTest {
  return (value) => {
    const certainty = test(value);
    if (certainty === "unknown") return "unknown";
    return certainty === "yes" ? "no" : "yes";
  };
}
