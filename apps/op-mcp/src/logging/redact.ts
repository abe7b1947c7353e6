import { isOpError } from "op-core";

/** Stands where a secret was. */
const redacted = "[redacted]";

/** Deeper values are cut off. */
const deepest = 8;

/** Key names that hold secrets, in any spelling: `apiKey`, `api_key`, `X-Api-Key`. */
const secretKey =
  /(?:password|passwd|passphrase|secret|token|authorization|cookie|credential|api-?_?key|private-?_?key)$/i;

/** Names that only look like secrets. */
const harmlessKey = /^(?:progress|cursor|next)-?_?token$/i;

/**
 * A copy of log fields that can be written: secrets are replaced by their key's name, errors become data, what refers
 * to itself or nests too deep is cut off.
 */
export function redact(value: unknown, ancestors: readonly object[] = []): unknown {
  if (typeof value === "bigint") return value.toString();
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
  const isPresent = value !== undefined && value !== null && value !== "";
  return isPresent && secretKey.test(key) && !harmlessKey.test(key);
}

function describeError(error: Error): object {
  const own = isOpError(error) ? { code: error.code, advice: error.advice, data: error.data } : {};
  const { name, message, stack, cause } = error;
  const code = "code" in error ? { code: error.code } : {};
  return { name, message, ...code, ...own, stack, ...(cause === undefined ? {} : { cause }) };
}
