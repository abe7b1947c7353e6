import { Variant as ForeignVariant } from "dbus-next";
import { parseSignature, parseType } from "../signature/parse-signature.ts";
import type { DBusType } from "../signature/signature.ts";
import { Variant, type DBusValue } from "../wire/value.ts";

/** Turns the values of a message into what dbus-next sends; they are known to fit the signature. */
export function toDbusNextBody(signature: string, body: readonly DBusValue[]): unknown[] {
  return parseSignature(signature).map((type, index) => toDbusNext(type, body[index]));
}

function toDbusNext(type: DBusType, value: DBusValue | undefined): unknown {
  switch (type.kind) {
    case "array":
      if (value instanceof Uint8Array) return Buffer.from(value);
      return Array.isArray(value) ? value.map((item) => toDbusNext(type.element, item)) : value;
    case "dictionary":
      return value instanceof Map ? toObject(type.value, value) : value;
    case "struct":
      return Array.isArray(value)
        ? type.fields.map((field, index) => toDbusNext(field, value[index]))
        : value;
    case "variant":
      return value instanceof Variant ? toForeignVariant(value) : value;
    case "basic":
    default:
      return isLong(type.code) && typeof value === "number" ? BigInt(value) : value;
  }
}

/** The package takes objects only, so keys become text. */
function toObject(type: DBusType, map: ReadonlyMap<unknown, DBusValue>): object {
  return Object.fromEntries([...map].map(([key, value]) => [String(key), toDbusNext(type, value)]));
}

function toForeignVariant({ signature, value }: Variant): ForeignVariant {
  return new ForeignVariant(signature, toDbusNext(parseType(signature), value));
}

function isLong(code: string): boolean {
  return code === "x" || code === "t";
}
