import { isJsonObject, type JsonValue } from "op-core";
import { InvalidSignatureError, UnixFdError } from "../dbus-error.ts";
import { isObjectPath } from "../names/object-path.ts";
import { formatType } from "../signature/format-signature.ts";
import { parseType } from "../signature/parse-signature.ts";
import type {
  ArrayType,
  BasicType,
  DBusType,
  DictionaryType,
  StructType,
} from "../signature/signature.ts";
import { isSignature } from "../signature/is-signature.ts";
import { insideOf, mismatch, ofArgument } from "../wire/value-mismatch.ts";
import { Variant, type DBusKey, type DBusValue } from "../wire/value.ts";
import { bytesFromJson } from "./bytes-from-json.ts";
import { readInteger } from "./read-integer.ts";

/**
 * Reads JSON as a value of a type. Throws `ERR_DBUS_VALUE`, which names the argument, its signature and the value that
 * does not fit, and `ERR_DBUS_UNIX_FD` for types with file descriptors.
 */
export function fromJson(type: DBusType, json: JsonValue, argument = "1"): DBusValue {
  const signature = formatType(type);
  if (type.hasUnixFd) throw new UnixFdError(`Argument ${argument}`, signature);
  try {
    return read(type, json);
  } catch (error) {
    throw ofArgument(error, argument, signature);
  }
}

function read(type: DBusType, json: JsonValue): DBusValue {
  switch (type.kind) {
    case "variant":
      return readVariant(json);
    case "array":
      return readArray(type, json);
    case "dictionary":
      return readDictionary(type, json);
    case "struct":
      return readStruct(type, json);
    case "basic":
    default:
      return readBasic(type, json);
  }
}

function readVariant(json: JsonValue): Variant {
  if (typeof json === "string") return new Variant("s", json);
  if (typeof json === "boolean") return new Variant("b", json);
  const expected = 'text, a boolean or {"type": signature, "value": …}';
  if (!isJsonObject(json)) throw mismatch(expected, json);
  const { type: signature, value } = json;
  if (typeof signature !== "string" || value === undefined) throw mismatch(expected, json);
  const type = readVariantType(signature);
  if (type.hasUnixFd) throw mismatch("a type without file descriptors", signature);
  return new Variant(
    signature,
    within("value", () => read(type, value)),
  );
}

function readVariantType(signature: string): DBusType {
  try {
    return parseType(signature);
  } catch (error) {
    if (error instanceof InvalidSignatureError)
      throw mismatch("the signature of one type", signature);
    throw error;
  }
}

function readArray({ element }: ArrayType, json: JsonValue): DBusValue {
  if (element.kind === "basic" && element.code === "y") return bytesFromJson(json);
  if (!isArray(json)) throw mismatch("an array", json);
  return json.map((item, index) => within(index, () => read(element, item)));
}

function readStruct({ fields }: StructType, json: JsonValue): DBusValue {
  const expected = `an array of ${fields.length} values`;
  if (!isArray(json) || json.length !== fields.length) throw mismatch(expected, json);
  return fields.map((field, index) => {
    const item = json[index];
    if (item === undefined) throw mismatch(expected, json);
    return within(index, () => read(field, item));
  });
}

function readDictionary(type: DictionaryType, json: JsonValue): DBusValue {
  if (!isJsonObject(json)) throw mismatch("an object", json);
  const entries = Object.entries(json).map(([text, item]) =>
    within(text, (): [DBusKey, DBusValue] => [readKey(type.key, text), read(type.value, item)]),
  );
  return new Map(entries);
}

/** Keys of objects are text, so a key is read from how it is printed. */
function readKey(type: BasicType, text: string): DBusKey {
  if (type.code === "b") {
    if (text !== "true" && text !== "false") throw mismatch("the key true or false", text);
    return text === "true";
  }
  if (type.code === "d") return readDouble(text);
  const isText = type.code === "s" || type.code === "o" || type.code === "g";
  return isText ? readBasic(type, text) : readInteger(type.code, text);
}

function readBasic(type: BasicType, json: JsonValue): DBusKey {
  switch (type.code) {
    case "s":
      return readText(json, "text without NUL and lone surrogates", isWritable);
    case "o":
      return readText(json, "an object path", isObjectPath);
    case "g":
      return readText(json, "a signature", isSignature);
    case "b":
      if (typeof json !== "boolean") throw mismatch("a boolean", json);
      return json;
    case "d":
      return typeof json === "number" ? json : readDouble(json);
    case "y":
    case "n":
    case "q":
    case "i":
    case "u":
    case "x":
    case "t":
    case "h":
    default:
      return readInteger(type.code, json);
  }
}

function readText(json: JsonValue, expected: string, isValid: (text: string) => boolean): string {
  if (typeof json !== "string" || !isValid(json)) throw mismatch(expected, json);
  return json;
}

function isWritable(text: string): boolean {
  return !text.includes("\0") && text.isWellFormed();
}

function readDouble(json: JsonValue): number {
  const isPrinted =
    typeof json === "string" && /^(NaN|-?Infinity|-?\d[\d.]*(e[+-]?\d+)?)$/.test(json);
  const value = isPrinted ? Number(json) : undefined;
  if (value === undefined || (Number.isNaN(value) && json !== "NaN")) {
    throw mismatch('a number, "NaN", "Infinity" or "-Infinity"', json);
  }
  return value;
}

function within<T>(key: string | number, fn: () => T): T {
  try {
    return fn();
  } catch (error) {
    throw insideOf(error, key);
  }
}

function isArray(json: JsonValue): json is readonly JsonValue[] {
  return Array.isArray(json);
}
