import type { JsonObject } from "op-core";
import { UnixFdError } from "../dbus-error.ts";
import { formatType } from "../signature/format-signature.ts";
import type { BasicType, DBusType, DictionaryType, StructType } from "../signature/signature.ts";

/**
 * The JSON Schema (2020-12) of a type's values, as `fromJson` takes and `toJson` gives them. Throws `ERR_DBUS_UNIX_FD`
 * for types with file descriptors.
 */
export function jsonSchemaOf(type: DBusType): JsonObject {
  switch (type.kind) {
    case "variant":
      return variantSchema;
    case "array":
      return type.element.kind === "basic" && type.element.code === "y"
        ? bytesSchema
        : { type: "array", items: jsonSchemaOf(type.element) };
    case "dictionary":
      return dictionarySchema(type);
    case "struct":
      return structSchema(type);
    case "basic":
    default:
      return basicSchema(type);
  }
}

/** Some clients ignore `prefixItems`, so the description says it too. */
function structSchema(type: StructType): JsonObject {
  return {
    type: "array",
    description: `D-Bus struct ${formatType(type)}: ${type.fields.length} values in this order.`,
    prefixItems: type.fields.map(jsonSchemaOf),
    items: false,
    minItems: type.fields.length,
    maxItems: type.fields.length,
  };
}

function dictionarySchema({ key, value }: DictionaryType): JsonObject {
  const pattern = keyPatterns[key.code];
  return {
    type: "object",
    ...(pattern === undefined ? {} : { propertyNames: { pattern } }),
    additionalProperties: jsonSchemaOf(value),
  };
}

function basicSchema(type: BasicType): JsonObject {
  if (type.code === "h") throw new UnixFdError("A value", formatType(type));
  return basicSchemas[type.code];
}

const decimal = "^-?[0-9]+$";
const natural = "^[0-9]+$";
const pathPattern = String.raw`^/$|^(/[A-Za-z0-9_]+)+$`;
const signaturePattern = "^[ybnqiuxtdsogva(){}]{0,255}$";

const keyPatterns: Readonly<Record<BasicType["code"], string | undefined>> = {
  s: undefined,
  o: pathPattern,
  g: signaturePattern,
  y: natural,
  q: natural,
  u: natural,
  t: natural,
  h: natural,
  n: decimal,
  i: decimal,
  x: decimal,
  b: "^(true|false)$",
  d: "^(NaN|-?Infinity|-?[0-9.]+(e[+-]?[0-9]+)?)$",
};

const integer = (minimum: number, maximum: number): JsonObject => ({
  type: "integer",
  minimum,
  maximum,
});

const basicSchemas: Readonly<Record<Exclude<BasicType["code"], "h">, JsonObject>> = {
  y: integer(0, 0xff),
  n: integer(-0x80_00, 0x7f_ff),
  q: integer(0, 0xff_ff),
  i: integer(-0x80_00_00_00, 0x7f_ff_ff_ff),
  u: integer(0, 0xff_ff_ff_ff),
  x: {
    description: "A signed 64-bit integer; as a decimal string beyond what JSON numbers hold.",
    anyOf: [{ type: "integer" }, { type: "string", pattern: decimal }],
  },
  t: {
    description: "An unsigned 64-bit integer; as a decimal string beyond what JSON numbers hold.",
    anyOf: [
      { type: "integer", minimum: 0 },
      { type: "string", pattern: natural },
    ],
  },
  d: { anyOf: [{ type: "number" }, { enum: ["NaN", "Infinity", "-Infinity", "-0"] }] },
  b: { type: "boolean" },
  s: { type: "string" },
  o: { type: "string", description: "A D-Bus object path.", pattern: pathPattern },
  g: { type: "string", description: "A D-Bus signature.", pattern: signaturePattern },
};

const base64: JsonObject = { type: "string", contentEncoding: "base64" };

const bytesSchema: JsonObject = {
  description: "Bytes: as base64, or as text that is sent as UTF-8.",
  anyOf: [
    base64,
    {
      type: "object",
      properties: { base64, text: { type: "string" } },
      anyOf: [{ required: ["base64"] }, { required: ["text"] }],
      additionalProperties: false,
    },
  ],
};

const variantSchema: JsonObject = {
  description:
    'A value of any D-Bus type: text or a boolean as it is, anything else as {"type": signature, "value": …}.',
  anyOf: [
    { type: "string" },
    { type: "boolean" },
    {
      type: "object",
      properties: { type: basicSchemas.g, value: {} },
      required: ["type", "value"],
      additionalProperties: false,
    },
  ],
};
