import type { JsonObject, JsonValue } from "op-core";

/** A step into a value: a member of an object, or every element of a list. */
type Step = { readonly key: string } | "each";

/** Where an argument is. */
export interface ArgumentPath {
  readonly text: string;
  readonly steps: readonly Step[];
}

/** What is at a path: a value, nothing, or something of a shape in which there is no such place. */
export type Found =
  | { readonly kind: "value"; readonly value: JsonValue }
  | { readonly kind: "absent" }
  | { readonly kind: "misshapen" };

const segment = /^([^.[\]]+)((?:\[\])*)$/;

/** Reads a path such as `unit`, `options.force` or `paths[].name`; `undefined` where it is none. */
export function parseArgumentPath(text: string): ArgumentPath | undefined {
  const steps: Step[] = [];
  for (const part of text.split(".")) {
    const [, key, lists] = segment.exec(part) ?? [];
    if (key === undefined || lists === undefined) return undefined;
    steps.push({ key });
    for (let depth = 0; depth < lists.length / 2; depth += 1) steps.push("each");
  }
  return { text, steps };
}

/** Everything at a path: one, or as many as the lists on the way have elements. */
export function findArguments(args: JsonObject, { steps }: ArgumentPath): readonly Found[] {
  const found: Found[] = [];
  walk({ kind: "value", value: args }, steps, found);
  return found;
}

function walk(at: Found, steps: readonly Step[], found: Found[], depth = 0): void {
  const step = steps[depth];
  if (step === undefined || at.kind !== "value") found.push(at);
  else if (step !== "each") walk(memberOf(at.value, step.key), steps, found, depth + 1);
  else if (!isList(at.value)) found.push({ kind: "misshapen" });
  else for (const element of at.value) walk(toFound(element), steps, found, depth + 1);
}

function memberOf(value: JsonValue, key: string): Found {
  if (typeof value !== "object" || value === null || isList(value)) return { kind: "misshapen" };
  if (!Object.hasOwn(value, key)) return { kind: "absent" };
  return toFound(value[key]);
}

function toFound(value: JsonValue | undefined): Found {
  return value === undefined ? { kind: "absent" } : { kind: "value", value };
}

/** `Array.isArray` does not narrow readonly arrays. */
function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}
