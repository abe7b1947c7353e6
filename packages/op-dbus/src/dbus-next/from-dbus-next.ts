import { Variant as ForeignVariant } from "dbus-next";
import { DbusNextError } from "../dbus-error.ts";
import { formatType } from "../signature/format-signature.ts";
import { parseSignature, parseType } from "../signature/parse-signature.ts";
import type { DBusType, DictionaryType } from "../signature/signature.ts";
import { Variant, type DBusKey, type DBusValue } from "../wire/value.ts";

/** Turns what dbus-next received into values; throws `ERR_DBUS_NEXT` for what is not of its type. */
export function fromDbusNextBody(signature: string, body: readonly unknown[]): DBusValue[] {
  return parseSignature(signature).map((type, index) => fromDbusNext(type, body[index]));
}

function fromDbusNext(type: DBusType, value: unknown): DBusValue {
  switch (type.kind) {
    case "array":
      if (value instanceof Uint8Array) return new Uint8Array(value);
      if (Array.isArray(value)) return value.map((item) => fromDbusNext(type.element, item));
      throw unexpected(type);
    case "dictionary":
      return fromObject(type, value);
    case "struct":
      if (Array.isArray(value)) {
        return type.fields.map((field, index) => fromDbusNext(field, value[index]));
      }
      throw unexpected(type);
    case "variant":
      return fromForeignVariant(type, value);
    case "basic":
    default:
      return fromBasic(type, value);
  }
}

/** The package makes text of every key. */
function fromObject(type: DictionaryType, value: unknown): DBusValue {
  if (typeof value !== "object" || value === null) throw unexpected(type);
  const map = new Map<DBusKey, DBusValue>();
  for (const [key, item] of Object.entries(value)) {
    map.set(parseKey(type.key.code, key), fromDbusNext(type.value, item));
  }
  return map;
}

function parseKey(code: string, key: string): DBusKey {
  if ("sog".includes(code)) return key;
  if ("xt".includes(code)) return BigInt(key);
  return code === "b" ? key === "true" : Number(key);
}

function fromForeignVariant(type: DBusType, value: unknown): Variant {
  if (!(value instanceof ForeignVariant)) throw unexpected(type);
  const { signature, value: inner } = value;
  return new Variant(signature, fromDbusNext(parseType(signature), inner));
}

function fromBasic(type: DBusType, value: unknown): DBusKey {
  if (
    typeof value === "string" ||
    typeof value === "number" ||
    typeof value === "bigint" ||
    typeof value === "boolean"
  ) {
    return value;
  }
  throw unexpected(type);
}

function unexpected(type: DBusType): DbusNextError {
  return new DbusNextError(`Reading a value of type ${formatType(type)}`, undefined);
}
