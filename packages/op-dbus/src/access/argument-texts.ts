import type { JsonValue } from "op-core";

/** Every text, number and truth value inside a JSON value, as text and in no order. */
export function textsIn(value: JsonValue): readonly string[] {
  const texts: string[] = [];
  const left: JsonValue[] = [value];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    if (typeof next !== "object") texts.push(String(next));
    else if (next !== null) for (const inside of Object.values(next)) left.push(inside);
  }
  return texts;
}
