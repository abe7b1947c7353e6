import { readFile } from "node:fs/promises";
import { z } from "zod";
import { AuditFormatError } from "../audit-error.ts";
import { canonicalJson } from "../entry/canonical-json.ts";
import { isTreeHash } from "../merkle/tree-hash.ts";
import { plainDigest } from "../redaction/digest.ts";

const Hash = z.string().refine(isTreeHash);

/**
 * What is known of a closed segment without reading it. When retention removes the segment, its seal stays: what it
 * holds is enough to go on with the chain and to prove every other entry.
 */
export const Seal = z.strictObject({
  v: z.literal(1),
  first: z.int().min(0),
  count: z.int().min(0),
  head: Hash.meta({ description: "The hash of its last entry, or of its header if it has none." }),
  range: z.array(Hash).meta({ description: "Its part of the Merkle tree." }),
  bytes: z.int().min(0).meta({ description: "Its length before compression." }),
  openedAt: z.iso.datetime(),
  closedAt: z.iso.datetime(),
  removed: z
    .strictObject({ at: z.iso.datetime(), reason: z.enum(["age", "size"]) })
    .optional()
    .meta({ description: "Set when retention removed the entries: the seal is their tombstone." }),
});
export type Seal = z.output<typeof Seal>;

const SealFile = z.strictObject({ digest: z.string(), seal: Seal });

/** Writes a seal as it lies in its file. */
export function formatSeal(seal: Seal): string {
  return `${canonicalJson({ digest: plainDigest(canonicalJson(seal)), seal })}\n`;
}

/** Reads a seal. Throws `ERR_AUDIT_FORMAT` when it is none or has been changed. */
export async function readSeal(path: string): Promise<Seal> {
  const text = await readFile(path, "utf8");
  const file = SealFile.safeParse(parseJson(text));
  if (!file.success)
    throw new AuditFormatError(`the seal ${path}`, "it is not a seal.", file.error);
  const { seal } = file.data;
  if (text !== formatSeal(seal)) {
    throw new AuditFormatError(`the seal ${path}`, "it has been changed.");
  }
  return seal;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
