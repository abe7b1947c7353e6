import { isObjectPath } from "../names/object-path.ts";
import { isSignature } from "../signature/is-signature.ts";
import { parseSignature } from "../signature/parse-signature.ts";
import {
  signatureLimits,
  type ArrayType,
  type BasicType,
  type DBusType,
  type DictionaryType,
  type StructType,
} from "../signature/signature.ts";
import { wireLimits } from "./limits.ts";
import { insideOf, mismatch } from "./value-mismatch.ts";
import { Variant } from "./value.ts";
import type { WireWriter } from "./wire-writer.ts";

/**
 * Writes a value as a type; throws `ERR_DBUS_VALUE` when it is not one. `depth` is how many containers it is
 * inside of. The value is unknown because callers are not always TypeScript.
 */
export function marshal(writer: WireWriter, type: DBusType, value: unknown, depth = 0): void {
  switch (type.kind) {
    case "array":
      marshalArray(writer, type, value, depth);
      return;
    case "dictionary":
      marshalDictionary(writer, type, value, depth);
      return;
    case "struct":
      marshalStruct(writer, type, value, depth);
      return;
    case "variant":
      marshalVariant(writer, value, depth);
      return;
    case "basic":
      marshalBasic(writer, type, value);
  }
}

function marshalBasic(writer: WireWriter, type: BasicType, value: unknown): void {
  switch (type.code) {
    case "s":
      writer.string(toText(value));
      return;
    case "o":
      if (typeof value !== "string" || !isObjectPath(value))
        throw mismatch("an object path", value);
      writer.string(value);
      return;
    case "g":
      writer.signature(toSignature(value));
      return;
    case "b":
      if (typeof value !== "boolean") throw mismatch("a boolean", value);
      writer.uint32(value ? 1 : 0);
      return;
    case "d":
      if (typeof value !== "number") throw mismatch("a number", value);
      writer.double(value);
      return;
    case "h":
      throw mismatch("no file descriptor, which cannot be sent", value);
    case "y":
    case "n":
    case "q":
    case "i":
    case "u":
    case "x":
    case "t":
      marshalInteger(writer, type.code, value);
  }
}

const signed64 = { lowest: -(2n ** 63n), highest: 2n ** 63n - 1n };
const unsigned64 = { lowest: 0n, highest: 2n ** 64n - 1n };

type IntegerCode = "y" | "n" | "q" | "i" | "u" | "x" | "t";

function marshalInteger(writer: WireWriter, code: IntegerCode, value: unknown): void {
  switch (code) {
    case "y":
      writer.uint8(toInteger(value, 0, 0xff));
      return;
    case "n":
      writer.uint16(toInteger(value, -0x80_00, 0x7f_ff));
      return;
    case "q":
      writer.uint16(toInteger(value, 0, 0xff_ff));
      return;
    case "i":
      writer.uint32(toInteger(value, -0x80_00_00_00, 0x7f_ff_ff_ff));
      return;
    case "u":
      writer.uint32(toInteger(value, 0, 0xff_ff_ff_ff));
      return;
    case "x":
      writer.uint64(toBigInt(value, signed64));
      return;
    case "t":
      writer.uint64(toBigInt(value, unsigned64));
  }
}

function marshalArray(writer: WireWriter, type: ArrayType, value: unknown, depth: number): void {
  const { element } = type;
  const isBytes = element.kind === "basic" && element.code === "y";
  if (isBytes && value instanceof Uint8Array) {
    checkArrayBytes(value.length);
    writer.uint32(value.length);
    writer.bytes(value);
    return;
  }
  if (!Array.isArray(value)) throw mismatch(isBytes ? "bytes" : "an array", value);
  const start = beginArray(writer, element.alignment);
  let index = 0;
  try {
    for (; index < value.length; index += 1) marshal(writer, element, value[index], depth + 1);
  } catch (error) {
    throw insideOf(error, index);
  }
  endArray(writer, start);
}

function marshalDictionary(
  writer: WireWriter,
  type: DictionaryType,
  value: unknown,
  depth: number,
): void {
  if (!(value instanceof Map)) throw mismatch("a Map", value);
  const start = beginArray(writer, 8);
  for (const [key, item] of value) {
    try {
      writer.align(8);
      marshalBasic(writer, type.key, key);
      marshal(writer, type.value, item, depth + 2);
    } catch (error) {
      throw insideOf(error, key);
    }
  }
  endArray(writer, start);
}

function marshalStruct(writer: WireWriter, type: StructType, value: unknown, depth: number): void {
  const { fields } = type;
  if (!Array.isArray(value) || value.length !== fields.length) {
    throw mismatch(`an array of ${fields.length} values`, value);
  }
  writer.align(8);
  let index = 0;
  try {
    for (const field of fields) {
      marshal(writer, field, value[index], depth + 1);
      index += 1;
    }
  } catch (error) {
    throw insideOf(error, index);
  }
}

function marshalVariant(writer: WireWriter, value: unknown, depth: number): void {
  if (!(value instanceof Variant)) throw mismatch("a Variant", value);
  const types = parseSignature(value.signature);
  const [type] = types;
  if (type === undefined || types.length > 1) {
    throw mismatch("a Variant of one complete type", value);
  }
  if (depth + 1 + type.depth > signatureLimits.depth) {
    throw mismatch(`at most ${signatureLimits.depth} containers in each other`, value);
  }
  writer.signature(value.signature);
  marshal(writer, type, value.value, depth + 1);
}

/** Leaves room for the length and returns where the elements begin. */
function beginArray(writer: WireWriter, alignment: number): { length: number; elements: number } {
  writer.uint32(0);
  const length = writer.length - 4;
  writer.align(alignment);
  return { length, elements: writer.length };
}

function endArray(writer: WireWriter, start: { length: number; elements: number }): void {
  const bytes = writer.length - start.elements;
  checkArrayBytes(bytes);
  writer.patch32(start.length, bytes);
}

function checkArrayBytes(bytes: number): void {
  if (bytes <= wireLimits.arrayBytes) return;
  throw mismatch(`an array of at most ${wireLimits.arrayBytes} bytes`, bytes);
}

/** Checks text as the wire needs it; a lone surrogate has no UTF-8. */
function toText(value: unknown): string {
  if (typeof value !== "string") throw mismatch("a string", value);
  if (value.includes("\0") || !value.isWellFormed()) {
    throw mismatch("text without NUL and lone surrogates", value);
  }
  return value;
}

function toSignature(value: unknown): string {
  if (typeof value !== "string" || !isSignature(value)) throw mismatch("a signature", value);
  return value;
}

function toInteger(value: unknown, lowest: number, highest: number): number {
  if (typeof value === "number" && Number.isInteger(value) && value >= lowest && value <= highest) {
    return value;
  }
  throw mismatch(`an integer from ${lowest} to ${highest}`, value);
}

/** A number is taken where it is exact. */
function toBigInt(value: unknown, range: { lowest: bigint; highest: bigint }): bigint {
  const { lowest, highest } = range;
  const exact = typeof value === "number" && Number.isSafeInteger(value) ? BigInt(value) : value;
  if (typeof exact === "bigint" && exact >= lowest && exact <= highest) return exact;
  throw mismatch(`a bigint from ${lowest} to ${highest}`, value);
}
