import { readFile } from "node:fs/promises";
import { AuditFormatError } from "../audit-error.ts";
import { canonicalJson } from "../entry/canonical-json.ts";
import type { TreeHash } from "../merkle/tree-hash.ts";
import { plainDigest } from "../redaction/digest.ts";
import { parseJson, RecordFields } from "./record-fields.ts";

/**
 * What is known of a closed segment without reading it. When retention removes the segment, its seal stays: what it
 * holds is enough to go on with the chain and to prove every other entry.
 */
export interface Seal {
  readonly v: 1;
  readonly first: number;
  readonly count: number;
  /** The hash of its last entry, or of its header if it has none. */
  readonly head: TreeHash;
  /** Its part of the Merkle tree. */
  readonly range: readonly TreeHash[];
  /** Its length before compression. */
  readonly bytes: number;
  readonly openedAt: string;
  readonly closedAt: string;
  /** Set when retention removed the entries: the seal is their tombstone. */
  readonly removed?: { readonly at: string; readonly reason: "age" | "size" };
}

/** Writes a seal as it lies in its file. */
export function formatSeal(seal: Seal): string {
  return `${canonicalJson({ digest: plainDigest(canonicalJson(seal)), seal })}\n`;
}

/** Reads a seal. Throws `ERR_AUDIT_FORMAT` when it is none or has been changed. */
export async function readSeal(path: string): Promise<Seal> {
  const text = await readFile(path, "utf8");
  const seal = toSealFile(parseJson(text));
  if (seal === undefined) throw new AuditFormatError(`the seal ${path}`, "it is not a seal.");
  if (text !== formatSeal(seal)) {
    throw new AuditFormatError(`the seal ${path}`, "it has been changed.");
  }
  return seal;
}

/** The digest is compared with the whole text. */
function toSealFile(value: unknown): Seal | undefined {
  const fields = new RecordFields(value, ["digest", "seal"]);
  return fields.isSound ? toSeal(fields.raw("seal")) : undefined;
}

const sealNames = ["v", "first", "count", "head", "range", "bytes", "openedAt", "closedAt"];

function toSeal(value: unknown): Seal | undefined {
  const fields = new RecordFields(value, sealNames, ["removed"]);
  const removed = fields.has("removed") ? toRemoval(fields.raw("removed")) : undefined;
  const seal: Seal = {
    v: fields.oneOf("v", 1),
    first: fields.count("first"),
    count: fields.count("count"),
    head: fields.hash("head"),
    range: fields.hashes("range"),
    bytes: fields.count("bytes"),
    openedAt: fields.time("openedAt"),
    closedAt: fields.time("closedAt"),
    ...(removed === undefined ? {} : { removed }),
  };
  const isWhole = fields.isSound && fields.has("removed") === (removed !== undefined);
  return isWhole ? seal : undefined;
}

function toRemoval(value: unknown): Seal["removed"] {
  const fields = new RecordFields(value, ["at", "reason"]);
  const removal = { at: fields.time("at"), reason: fields.oneOf("reason", "age", "size") };
  return fields.isSound ? removal : undefined;
}
