import { z } from "zod";
import { AuditFormatError, AuditProofError } from "../audit-error.ts";
import { parseCheckpoint, type Checkpoint } from "../checkpoints/checkpoint.ts";
import { parseNote, parseVerifier, verifyNote } from "../checkpoints/signed-note.ts";
import type { AuditEntry } from "../entry/audit-entry.ts";
import { parseEntry } from "../entry/parse-entry.ts";
import { hashLeaf, isTreeHash } from "../merkle/tree-hash.ts";
import { rootOfInclusion } from "../merkle/tree-proof.ts";

const Hash = z.string().refine(isTreeHash);

/** Proves one entry to somebody who has nothing but a verifier key: not the log, nor any other entry. */
export const AuditProof = z.strictObject({
  v: z.literal(1),
  seq: z.int().min(0),
  previous: Hash.meta({ description: "The hash the entry follows." }),
  entry: z.string().meta({ description: "The entry's canonical JSON, exactly as it was written." }),
  path: z.array(Hash).meta({ description: "RFC 6962 inclusion proof." }),
  checkpoint: z.string().meta({ description: "The signed note of a tree that has the entry." }),
});
export type AuditProof = z.output<typeof AuditProof>;

/** What a proof has shown. */
export interface ProvedEntry {
  readonly entry: AuditEntry;
  readonly checkpoint: Checkpoint;
  /** The names of the keys that vouch for it. */
  readonly signedBy: readonly string[];
}

/**
 * Verifies a proof with keys one trusts, in the form `<name>+<key id>+<base64>`. Throws `ERR_AUDIT_PROOF` when it shows
 * nothing, and `ERR_AUDIT_FORMAT` when it is no proof.
 */
export function verifyProof(proof: unknown, verifiers: readonly string[]): ProvedEntry {
  const parsed = AuditProof.safeParse(proof);
  if (!parsed.success)
    throw new AuditFormatError("an audit proof", "it does not fit the schema.", parsed.error);
  const { seq, previous, entry, path, checkpoint: text } = parsed.data;
  const note = parseNote(text);
  const signedBy = verifyNote(note, verifiers.map(parseVerifier)).map(({ name }) => name);
  if (signedBy.length === 0)
    throw new AuditProofError("no key that is trusted signed the checkpoint.");
  const checkpoint = parseCheckpoint(note.text);
  const hash = hashLeaf(Buffer.concat([Buffer.from(previous, "base64"), Buffer.from(entry)]));
  if (rootOfInclusion({ hash, index: seq }, checkpoint.size, path) !== checkpoint.root) {
    throw new AuditProofError(`entry ${seq} is not in the tree that was signed.`);
  }
  return { entry: parseEntry(seq, entry), checkpoint, signedBy };
}
