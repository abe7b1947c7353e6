import { parseVerifier, type Verifier } from "../checkpoints/signed-note.ts";
import { AuditFormatError } from "../audit-error.ts";
import { parseEntry } from "../entry/parse-entry.ts";

/** What a log says of itself that matters for verifying it. */
export type LogEvent =
  | { readonly kind: "key-rotated"; readonly from: string; readonly to: Verifier }
  | { readonly kind: "segment-removed"; readonly first: number; readonly head: string };

const secondByteOfAt = 0x74;

/** Finds the log's own events among its entries, without parsing those that can be none. */
export function readLogEvent(
  seq: number,
  buffer: Buffer,
  body: { start: number; end: number },
): LogEvent | undefined {
  // An event has neither agent nor arguments, so the first key of its canonical JSON is `at`.
  if (buffer[body.start + 3] !== secondByteOfAt) return undefined;
  const text = buffer.toString("utf8", body.start, body.end);
  if (!text.includes('"event":"key-rotated"') && !text.includes('"event":"segment-removed"'))
    return undefined;
  try {
    return toLogEvent(seq, text);
  } catch (error) {
    // An entry that a later version wrote says nothing to this one.
    if (error instanceof AuditFormatError) return undefined;
    throw error;
  }
}

function toLogEvent(seq: number, text: string): LogEvent | undefined {
  const entry = parseEntry(seq, text);
  if (entry.kind !== "event") return undefined;
  const details = new Map(Object.entries(Object(entry.details)));
  if (entry.event === "key-rotated") {
    const from = parseVerifier(String(details.get("from"))).keyId;
    return { kind: "key-rotated", from, to: parseVerifier(String(details.get("to"))) };
  }
  if (entry.event !== "segment-removed") return undefined;
  return {
    kind: "segment-removed",
    first: Number(details.get("first")),
    head: String(details.get("head")),
  };
}
