import { InvalidSignatureError } from "../dbus-error.ts";
import { isObjectPath } from "../names/object-path.ts";
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
import { Variant, type DBusKey, type DBusValue } from "./value.ts";
import { malformed, type WireReader } from "./wire-reader.ts";

/** Reads a value of a type; throws `ERR_DBUS_MALFORMED`. `depth` is how many containers it is inside of. */
export function unmarshal(reader: WireReader, type: DBusType, depth = 0): DBusValue {
  switch (type.kind) {
    case "array":
      return unmarshalArray(reader, type, depth);
    case "dictionary":
      return unmarshalDictionary(reader, type, depth);
    case "struct":
      return unmarshalStruct(reader, type, depth);
    case "variant":
      return unmarshalVariant(reader, depth);
    case "basic":
    default:
      return unmarshalBasic(reader, type);
  }
}

function unmarshalBasic(reader: WireReader, type: BasicType): DBusKey {
  switch (type.code) {
    case "s":
      return reader.string();
    case "o":
      return unmarshalPath(reader);
    case "g":
      return unmarshalSignature(reader);
    case "b":
      return unmarshalBoolean(reader);
    case "y":
      return reader.uint8();
    case "n":
      return (reader.uint16() << 16) >> 16;
    case "q":
      return reader.uint16();
    case "i":
      return reader.uint32() | 0;
    case "u":
    case "h":
      return reader.uint32();
    case "x":
      return reader.int64();
    case "t":
      return reader.uint64();
    case "d":
    default:
      return reader.double();
  }
}

function unmarshalBoolean(reader: WireReader): boolean {
  const value = reader.uint32();
  if (value > 1) throw malformed("a boolean is neither 0 nor 1");
  return value === 1;
}

function unmarshalPath(reader: WireReader): string {
  const path = reader.string();
  if (!isObjectPath(path)) throw malformed("an object path is invalid");
  return path;
}

function unmarshalSignature(reader: WireReader): string {
  const signature = reader.signature();
  parsePeerSignature(signature);
  return signature;
}

/** Reads a signature that came from the bus; throws `ERR_DBUS_MALFORMED`. */
export function parsePeerSignature(signature: string): readonly DBusType[] {
  try {
    return parseSignature(signature);
  } catch (error) {
    if (error instanceof InvalidSignatureError) throw malformed(error.message.replace(/\.$/, ""));
    throw error;
  }
}

function unmarshalArray(reader: WireReader, type: ArrayType, depth: number): DBusValue {
  const { element } = type;
  const bytes = beginArray(reader, element.alignment);
  if (element.kind === "basic" && element.code === "y") return reader.bytes(bytes);
  const end = reader.offset + bytes;
  const values: DBusValue[] = [];
  while (reader.offset < end) values.push(unmarshal(reader, element, depth + 1));
  endArray(reader, end);
  return values;
}

function unmarshalDictionary(reader: WireReader, type: DictionaryType, depth: number): DBusValue {
  const end = beginArray(reader, 8) + reader.offset;
  const values = new Map<DBusKey, DBusValue>();
  while (reader.offset < end) {
    reader.align(8);
    const key = unmarshalBasic(reader, type.key);
    values.set(key, unmarshal(reader, type.value, depth + 2));
  }
  endArray(reader, end);
  return values;
}

function unmarshalStruct(reader: WireReader, type: StructType, depth: number): DBusValue {
  reader.align(8);
  const values: DBusValue[] = [];
  for (const field of type.fields) values.push(unmarshal(reader, field, depth + 1));
  return values;
}

function unmarshalVariant(reader: WireReader, depth: number): Variant {
  const signature = reader.signature();
  const types = parsePeerSignature(signature);
  const [type] = types;
  if (type === undefined || types.length > 1) throw malformed("a variant is not of one type");
  if (depth + 1 + type.depth > signatureLimits.depth) throw malformed("it is nested too deeply");
  return new Variant(signature, unmarshal(reader, type, depth + 1));
}

function beginArray(reader: WireReader, alignment: number): number {
  const bytes = reader.uint32();
  if (bytes > wireLimits.arrayBytes) throw malformed("an array is larger than allowed");
  reader.align(alignment);
  if (bytes > reader.remaining) throw malformed("an array is longer than the message");
  return bytes;
}

function endArray(reader: WireReader, end: number): void {
  if (reader.offset !== end) throw malformed("an array ends inside of an element");
}
