import type { JsonValue } from "op-core";
import type { CallBegan } from "../entry/audit-entry.ts";
import { canonicalJson } from "../entry/canonical-json.ts";
import type { Digest } from "../redaction/digest.ts";
import { digestLike } from "./recorded-digest.ts";

/** The arguments a call had, or why they are not known. */
export type RecordedArguments =
  | { readonly isKnown: true; readonly value: JsonValue | undefined }
  | { readonly isKnown: false; readonly reason: string };

const anyMark = "[redacted: ";

/** Finds out whether an entry has a call's arguments as they were: nothing was taken out and nothing left out. */
export function recordedArguments(
  entry: Pick<CallBegan, "arguments" | "argumentsBytes" | "argumentsDigest">,
  digest: Digest | undefined,
): RecordedArguments {
  const { arguments: value, argumentsBytes: bytes, argumentsDigest: recorded } = entry;
  if (bytes === undefined) return { isKnown: true, value: undefined };
  if (value === undefined)
    return { isKnown: false, reason: "Its arguments were too long to be recorded." };
  const text = canonicalJson(value);
  const own = digestLike(recorded, text, digest);
  const isOriginal =
    own === undefined
      ? Buffer.byteLength(text) === bytes && !text.includes(anyMark)
      : own === recorded;
  return isOriginal
    ? { isKnown: true, value }
    : { isKnown: false, reason: "Its arguments were redacted, so they are not those it had." };
}
