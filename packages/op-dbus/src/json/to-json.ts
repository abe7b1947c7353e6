import { isUtf8 } from "node:buffer";
import type { JsonValue } from "op-core";
import { UnixFdError, UnexpectedTypeError } from "../dbus-error.ts";
import { formatType } from "../signature/format-signature.ts";
import { parseType } from "../signature/parse-signature.ts";
import type { BasicType, DBusType, DictionaryType } from "../signature/signature.ts";
import { describeValue } from "../wire/value-mismatch.ts";
import { Variant, type DBusKey, type DBusValue } from "../wire/value.ts";

/** How values are written as JSON. */
export interface ToJsonOptions {
  /** `plain` writes what is in a variant, `typed` its type too, so that it can be read back; `plain` unless told. */
  readonly variants?: "plain" | "typed";
}

/** Writes a value of a type as JSON that says all of it; throws `ERR_DBUS_UNEXPECTED_TYPE` when it is of another. */
export function toJson(type: DBusType, value: DBusValue, options: ToJsonOptions = {}): JsonValue {
  switch (type.kind) {
    case "variant":
      return variantToJson(value, options);
    case "array":
      if (value instanceof Uint8Array) return bytesToJson(value);
      return listToJson(value, type, () => type.element, options);
    case "struct":
      return listToJson(value, type, (index) => type.fields[index], options);
    case "dictionary":
      return dictionaryToJson(value, type, options);
    case "basic":
    default:
      return basicToJson(type, value);
  }
}

function variantToJson(value: DBusValue, options: ToJsonOptions): JsonValue {
  if (!(value instanceof Variant)) throw unexpected("v", value);
  const { signature } = value;
  const json = toJson(parseType(signature), value.value, options);
  return options.variants === "typed" ? { type: signature, value: json } : json;
}

function listToJson(
  value: DBusValue,
  type: DBusType,
  elementAt: (index: number) => DBusType | undefined,
  options: ToJsonOptions,
): JsonValue {
  if (!isList(value)) throw unexpected(formatType(type), value);
  return value.map((element, index) => {
    const elementType = elementAt(index);
    if (elementType === undefined) throw unexpected(formatType(type), value);
    return toJson(elementType, element, options);
  });
}

function dictionaryToJson(
  value: DBusValue,
  type: DictionaryType,
  options: ToJsonOptions,
): JsonValue {
  if (!isDictionary(value)) throw unexpected(formatType(type), value);
  // fromEntries defines properties instead of setting them, so a key "__proto__" stays a key.
  return Object.fromEntries(
    value.entries().map(([key, item]) => [keyToText(key), toJson(type.value, item, options)]),
  );
}

/** Numbers and booleans are printed as JSON prints them. */
function keyToText(key: DBusKey): string {
  return Object.is(key, -0) ? "-0" : String(key);
}

function basicToJson(type: BasicType, value: DBusValue): JsonValue {
  if (type.code === "h") throw new UnixFdError("A value", "h");
  if (typeof value === "bigint") return isSafe(value) ? Number(value) : value.toString();
  if (typeof value === "number") {
    return Number.isFinite(value) && !Object.is(value, -0) ? value : keyToText(value);
  }
  if (typeof value === "string" || typeof value === "boolean") return value;
  throw unexpected(formatType(type), value);
}

function isSafe(value: bigint): boolean {
  return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER;
}

/** Paths and texts often are arrays of bytes that end with NUL. */
function bytesToJson(bytes: Uint8Array): JsonValue {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const base64 = buffer.toString("base64");
  const end = buffer.at(-1) === 0 ? buffer.length - 1 : buffer.length;
  const visible = buffer.subarray(0, end);
  if (end === 0 || !isUtf8(visible)) return { base64 };
  const text = visible.toString();
  return isClean(text) ? { base64, text } : { base64 };
}

function isClean(text: string): boolean {
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for.
  return !/[\0-\b\v\f\x0E-\x1F\x7F]/.test(text);
}

function isList(value: DBusValue): value is readonly DBusValue[] {
  return Array.isArray(value);
}

function isDictionary(value: DBusValue): value is ReadonlyMap<DBusKey, DBusValue> {
  return value instanceof Map;
}

function unexpected(signature: string, value: unknown): UnexpectedTypeError {
  return new UnexpectedTypeError("A value", signature, describeValue(value));
}
