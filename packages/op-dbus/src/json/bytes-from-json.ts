import { isJsonObject, type JsonValue } from "op-core";
import { mismatch } from "../wire/value-mismatch.ts";

const base64Pattern = /^[A-Za-z0-9+/]*={0,2}$/;

/** Reads bytes from base64, from `{"base64": …}` or from `{"text": …}`. */
export function bytesFromJson(json: JsonValue): Uint8Array {
  if (typeof json === "string") return fromBase64(json);
  if (isJsonObject(json)) {
    const { base64, text } = json;
    if (typeof base64 === "string") return fromBase64(base64);
    if (typeof text === "string" && text.isWellFormed()) return new TextEncoder().encode(text);
  }
  throw mismatch('base64, {"base64": …} or {"text": …}', json);
}

function fromBase64(text: string): Uint8Array {
  if (text.length % 4 !== 0 || !base64Pattern.test(text)) {
    throw mismatch("base64", text);
  }
  return new Uint8Array(Buffer.from(text, "base64"));
}
