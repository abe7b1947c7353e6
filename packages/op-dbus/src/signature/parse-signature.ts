import { InvalidSignatureError } from "../dbus-error.ts";
import {
  arrayOf,
  basicTypes,
  dictionaryOf,
  signatureLimits,
  structOf,
  variantType,
  type BasicType,
  type DBusType,
} from "./signature.ts";

const cache = new Map<string, readonly DBusType[]>();
const cacheSize = 4096;

/** Reads a signature into its complete types, none for the empty one; throws `ERR_DBUS_SIGNATURE`. */
export function parseSignature(signature: string): readonly DBusType[] {
  const known = cache.get(signature);
  if (known !== undefined) return known;
  const types = new SignatureParser(signature).parse();
  // Signatures come from peers, so the cache must not grow with them.
  if (cache.size >= cacheSize) cache.clear();
  cache.set(signature, types);
  return types;
}

/** Reads a signature that has to be exactly one complete type; throws `ERR_DBUS_SIGNATURE`. */
export function parseType(signature: string): DBusType {
  const [type, ...rest] = parseSignature(signature);
  if (type === undefined || rest.length > 0) {
    throw new InvalidSignatureError(signature, 0, "exactly one complete type is needed");
  }
  return type;
}

class SignatureParser {
  readonly #text: string;
  #position = 0;
  #arrays = 0;
  #structs = 0;

  constructor(text: string) {
    this.#text = text;
  }

  parse(): readonly DBusType[] {
    if (this.#text.length > signatureLimits.characters) {
      throw this.#fail(`it is longer than ${signatureLimits.characters} characters`);
    }
    const types: DBusType[] = [];
    while (this.#position < this.#text.length) types.push(this.#parseOne());
    return types;
  }

  #parseOne(): DBusType {
    const code = this.#text[this.#position] ?? "";
    const basic = basicTypes.get(code);
    if (basic === undefined && code !== "v" && code !== "a" && code !== "(") {
      throw this.#fail(
        code === "" ? "it ends too early" : `no type begins with ${JSON.stringify(code)}`,
      );
    }
    this.#position += 1;
    if (basic !== undefined) return basic;
    if (code === "v") return variantType;
    return code === "a" ? this.#parseArray() : this.#parseStruct();
  }

  #parseArray(): DBusType {
    if (this.#arrays >= signatureLimits.arrays) throw this.#fail("too many arrays in each other");
    this.#arrays += 1;
    const type =
      this.#text[this.#position] === "{" ? this.#parseDictionary() : arrayOf(this.#parseOne());
    this.#arrays -= 1;
    return type;
  }

  #parseDictionary(): DBusType {
    this.#enterStruct();
    this.#position += 1;
    const key = this.#parseKey();
    const value = this.#parseOne();
    if (this.#text[this.#position] !== "}") throw this.#fail("a dictionary entry has two types");
    this.#position += 1;
    this.#structs -= 1;
    return dictionaryOf(key, value);
  }

  #parseKey(): BasicType {
    const key = basicTypes.get(this.#text[this.#position] ?? "");
    if (key === undefined) throw this.#fail("a dictionary's key is a basic type");
    this.#position += 1;
    return key;
  }

  #parseStruct(): DBusType {
    this.#enterStruct();
    const fields: DBusType[] = [];
    while (this.#text[this.#position] !== ")") fields.push(this.#parseOne());
    if (fields.length === 0) throw this.#fail("a struct has at least one field");
    this.#position += 1;
    this.#structs -= 1;
    return structOf(fields);
  }

  #enterStruct(): void {
    if (this.#structs >= signatureLimits.structs)
      throw this.#fail("too many structs in each other");
    this.#structs += 1;
  }

  #fail(problem: string): InvalidSignatureError {
    return new InvalidSignatureError(this.#text, this.#position, problem);
  }
}
