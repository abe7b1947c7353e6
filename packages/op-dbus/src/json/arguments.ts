import type { JsonObject, JsonValue } from "op-core";
import { InvalidValueError, UnixFdError } from "../dbus-error.ts";
import { signatureOf, type ArgumentDescription } from "../introspection/description.ts";
import { formatType } from "../signature/format-signature.ts";
import { parseType } from "../signature/parse-signature.ts";
import type { DBusValue } from "../wire/value.ts";
import { fromJson } from "./from-json.ts";
import { jsonSchemaOf } from "./json-schema-of.ts";
import { toJson, type ToJsonOptions } from "./to-json.ts";

const plainName = /^[A-Za-z_][A-Za-z0-9_-]{0,63}$/;

/**
 * The keys under which arguments appear in an object: their names where these are plain and occur once, else `arg0`
 * and so on.
 */
export function argumentKeys(args: readonly ArgumentDescription[]): readonly string[] {
  const names = args.map(({ name }) => name);
  return names.map((name, index) =>
    plainName.test(name) && names.indexOf(name) === names.lastIndexOf(name) ? name : `arg${index}`,
  );
}

/** The JSON Schema of an object that holds the arguments by their keys. */
export function jsonSchemaOfArguments(args: readonly ArgumentDescription[]): JsonObject {
  const keys = argumentKeys(args);
  const properties = args.map(({ type, documentation }, index) => {
    const parsed = parseType(type);
    if (parsed.hasUnixFd) throw new UnixFdError(`Argument ${keys[index]}`, type);
    const schema = jsonSchemaOf(parsed);
    return [
      keys[index] ?? "",
      documentation === undefined ? schema : { ...schema, description: documentation },
    ] as const;
  });
  return {
    type: "object",
    properties: Object.fromEntries(properties),
    required: keys,
    additionalProperties: false,
  };
}

/** Reads an object into arguments; throws `ERR_DBUS_VALUE` or `ERR_DBUS_UNIX_FD`. */
export function argumentsFromJson(
  args: readonly ArgumentDescription[],
  json: JsonObject,
): readonly DBusValue[] {
  const keys = argumentKeys(args);
  for (const key of Object.keys(json)) if (!keys.includes(key)) throw unknownKey(key, args);
  return args.map(({ type }, index) => {
    const key = keys[index] ?? "";
    const parsed = parseType(type);
    if (!Object.hasOwn(json, key)) throw missing(key, formatType(parsed));
    return fromJson(parsed, json[key] ?? null, JSON.stringify(key));
  });
}

/** Writes arguments as an object that holds them by their keys. */
export function argumentsToJson(
  args: readonly ArgumentDescription[],
  body: readonly DBusValue[],
  options: ToJsonOptions = {},
): JsonObject {
  const keys = argumentKeys(args);
  const entries = args.flatMap(({ type }, index): [string, JsonValue][] => {
    const value = body[index];
    return value === undefined
      ? []
      : [[keys[index] ?? "", toJson(parseType(type), value, options)]];
  });
  return Object.fromEntries(entries);
}

function missing(key: string, signature: string): InvalidValueError {
  const argument = JSON.stringify(key);
  return new InvalidValueError({
    argument,
    signature,
    at: "",
    expected: "a value",
    found: "nothing",
  });
}

function unknownKey(key: string, args: readonly ArgumentDescription[]): InvalidValueError {
  const argument = JSON.stringify(key.slice(0, 64));
  const expected = `only ${argumentKeys(args).join(", ") || "no arguments"}`;
  const signature = signatureOf(args);
  return new InvalidValueError({
    argument,
    signature,
    at: "",
    expected,
    found: "another argument",
  });
}
