import { isJsonObject, type JsonObject, type JsonValue } from "op-core";

/** Which part of a long answer is wanted. */
export interface PageRequest {
  /** Only these outputs, or only these keys of outputs that are dictionaries. */
  readonly fields?: readonly string[] | undefined;
  /** Skips so many items of each list. */
  readonly offset?: number | undefined;
  /** Takes at most so many items of each list. */
  readonly limit?: number | undefined;
}

const defaultLimit = 200;

/** A part of an answer: long lists and dictionaries are cut, and what is left out is told under `more`. */
export function pageOf(result: JsonObject, request: PageRequest): JsonObject {
  const { fields } = request;
  const more: Record<string, JsonValue> = {};
  const entries = Object.entries(chooseFields(result, fields)).map(
    ([name, value]): [string, JsonValue] => {
      const cut = cutValue(value, request);
      if (cut.total !== undefined) more[name] = { ...cut.range, total: cut.total };
      return [name, cut.value];
    },
  );
  const page = Object.fromEntries(entries);
  return Object.keys(more).length === 0 ? page : { ...page, more };
}

function chooseFields(result: JsonObject, fields: readonly string[] | undefined): JsonObject {
  if (fields === undefined || fields.length === 0) return result;
  const wanted = new Set(fields);
  const isOutput = Object.keys(result).some((name) => wanted.has(name));
  const entries = Object.entries(result).flatMap(([name, value]): [string, JsonValue][] => {
    if (wanted.has(name)) return [[name, value]];
    if (isOutput || !isJsonObject(value)) return isOutput ? [] : [[name, value]];
    return [[name, Object.fromEntries(Object.entries(value).filter(([key]) => wanted.has(key)))]];
  });
  return Object.fromEntries(entries);
}

interface Cut {
  readonly value: JsonValue;
  readonly range?: { readonly offset: number; readonly returned: number };
  /** Of how many; undefined when nothing was left out. */
  readonly total?: number;
}

function cutValue(value: JsonValue, { offset = 0, limit = defaultLimit }: PageRequest): Cut {
  if (isList(value)) {
    const part = value.slice(offset, offset + limit);
    return part.length === value.length
      ? { value }
      : { value: part, range: { offset, returned: part.length }, total: value.length };
  }
  if (!isJsonObject(value)) return { value };
  const entries = Object.entries(value);
  const part = entries.slice(offset, offset + limit);
  return part.length === entries.length
    ? { value }
    : {
        value: Object.fromEntries(part),
        range: { offset, returned: part.length },
        total: entries.length,
      };
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}
