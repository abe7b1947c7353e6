import { canonicalJson, isJsonObject, type JsonObject, type JsonValue } from "op-core";

/** One place at which two definitions differ. */
export interface DefinitionChange {
  /** As a JSON Pointer. */
  readonly path: string;
  readonly before?: JsonValue;
  readonly after?: JsonValue;
}

function escape(key: string): string {
  return key.replaceAll("~", "~0").replaceAll("/", "~1");
}

function compare(
  before: JsonValue | undefined,
  after: JsonValue | undefined,
  path: string,
): readonly DefinitionChange[] {
  if (isJsonObject(before) && isJsonObject(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].toSorted();
    return keys.flatMap((key) => compare(before[key], after[key], `${path}/${escape(key)}`));
  }
  if (before !== undefined && after !== undefined && canonicalJson(before) === canonicalJson(after))
    return [];
  if (before === undefined && after === undefined) return [];
  return [
    {
      path,
      ...(before === undefined ? {} : { before }),
      ...(after === undefined ? {} : { after }),
    },
  ];
}

/** Every place at which a definition differs from another, in the order of their paths. Lists are compared as a whole. */
export function diffDefinitions(
  before: JsonObject,
  after: JsonObject,
): readonly DefinitionChange[] {
  return compare(before, after, "");
}
