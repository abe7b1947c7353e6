import { isOpError } from "op-core";
import { redactText } from "op-audit/redaction";

/** Stands where a secret was. */
const redacted = "[redacted]";

/** Deeper values are cut off. */
const deepest = 8;

/** Key names that hold secrets, one or several, in any spelling: `apiKey`, `api_key`, `X-Api-Keys`. */
const secretKey =
  /(?:password|passwd|pwd|passphrase|secret|token|authorization|cookie|credential|(?:api|access|secret|private|signing|encryption)[-_]?key)s?$/i;

/** Names that only look like secrets. */
const harmlessKey = /^(?:progress|cursor|next)-?_?token$/i;

/**
 * A copy of log fields that can be written: secrets are known by their key's name, or in a text by their form; errors
 * become data, what refers to itself or nests too deep is cut off.
 */
export function redact(value: unknown, ancestors: readonly object[] = []): unknown {
  if (typeof value === "bigint") return value.toString();
  if (typeof value === "string") return redactText(value);
  if (typeof value !== "object" || value === null) return value;
  if (ancestors.includes(value)) return "[circular]";
  if (ancestors.length >= deepest) return "[too deep]";
  const inside = [...ancestors, value];
  if (value instanceof Error) return redact(describeError(value), inside);
  if (Array.isArray(value)) return value.map((item) => redact(item, inside));
  if ("toJSON" in value && typeof value.toJSON === "function") return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      isSecret(key, item) ? redacted : redact(item, inside),
    ]),
  );
}

function isSecret(key: string, value: unknown): boolean {
  // A flag tells something about a secret, and is none.
  const isPresent =
    value !== undefined && value !== null && value !== "" && typeof value !== "boolean";
  return isPresent && secretKey.test(key) && !harmlessKey.test(key);
}

function describeError(error: Error): object {
  const own = isOpError(error) ? { code: error.code, advice: error.advice, data: error.data } : {};
  const { name, message, stack, cause } = error;
  const code = "code" in error ? { code: error.code } : {};
  return { name, message, ...code, ...own, stack, ...(cause === undefined ? {} : { cause }) };
}
