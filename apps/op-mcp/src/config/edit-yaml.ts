import type { JsonObject } from "op-core";
import { parseDocument } from "yaml";

/** Sets or removes one value. Comments and the order of everything else stay. */
export function editYaml(
  text: string,
  path: readonly string[],
  value: JsonObject | undefined,
): string {
  const document = parseDocument(text, { version: "1.2" });
  const [error] = document.errors;
  if (error !== undefined) throw error;
  if (value === undefined) document.deleteIn(path);
  else document.setIn(path, document.createNode(value));
  return document.toString({ lineWidth: 0 });
}
