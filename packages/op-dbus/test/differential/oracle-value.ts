import { Variant as OracleVariant } from "dbus-native/lib/values.js";
import { parseType, Variant, type DBusType } from "../../src/index.ts";

/** Turns a value into what dbus-native takes: pairs for dictionaries, buffers for bytes. */
export function toOracle(type: DBusType, value: unknown): unknown {
  if (value instanceof Variant) {
    const { signature, value: inner } = value;
    return new OracleVariant(signature, toOracle(parseType(signature), inner));
  }
  if (value instanceof Uint8Array) return Buffer.from(value);
  if (type.kind === "dictionary" && value instanceof Map) {
    return [...value].map(([key, item]) => [key, toOracle(type.value, item)]);
  }
  return mapItems(type, value, toOracle);
}

/** Turns what dbus-native read into a value of ours; `toEqual` does not ask of what class a variant is. */
export function fromOracle(type: DBusType, value: unknown): unknown {
  if (value instanceof OracleVariant) {
    const { signature, value: inner } = value;
    return { signature, value: fromOracle(parseType(signature), inner) };
  }
  if (value instanceof Uint8Array) return new Uint8Array(value);
  if (type.kind === "dictionary" && Array.isArray(value)) {
    const pairs: (readonly unknown[])[] = value;
    return new Map(pairs.map(([key, item]) => [key, fromOracle(type.value, item)]));
  }
  return mapItems(type, value, fromOracle);
}

function mapItems(
  type: DBusType,
  value: unknown,
  convert: (type: DBusType, value: unknown) => unknown,
): unknown {
  if (!Array.isArray(value)) return value;
  if (type.kind === "array") return value.map((item) => convert(type.element, item));
  if (type.kind === "struct") {
    return type.fields.map((field, index) => convert(field, value[index]));
  }
  return value;
}
