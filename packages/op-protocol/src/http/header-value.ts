import { isUtf8 } from "node:buffer";

const printable = /^[\t\u0020-\u007E]*$/u;
const canonicalBase64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/u;
const prefix = "=?base64?";
const suffix = "?=";

/**
 * Reads a value that a client mirrored from a body into a header: as it is, or wrapped as `=?base64?…?=`. Nothing when
 * it has characters a header must not have, or is wrapped wrongly.
 */
export function decodeHeaderValue(value: string): string | undefined {
  if (!printable.test(value)) return undefined;
  const isWrapped =
    value.length >= prefix.length + suffix.length &&
    value.startsWith(prefix) &&
    value.endsWith(suffix);
  if (!isWrapped) return value;
  const text = value.slice(prefix.length, -suffix.length);
  if (!canonicalBase64.test(text)) return undefined;
  const bytes = Buffer.from(text, "base64");
  return isUtf8(bytes) ? bytes.toString("utf8") : undefined;
}

/** Writes a value so that a header may carry it, and {@link decodeHeaderValue} reads it back. */
export function encodeHeaderValue(value: string): string {
  const isPlain =
    printable.test(value) &&
    value.trim() === value &&
    !(value.startsWith(prefix) && value.endsWith(suffix));
  return isPlain ? value : `${prefix}${Buffer.from(value, "utf8").toString("base64")}${suffix}`;
}
