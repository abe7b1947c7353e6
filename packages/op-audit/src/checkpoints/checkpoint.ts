import { AuditFormatError } from "../audit-error.ts";
import { isTreeHash, type TreeHash } from "../merkle/tree-hash.ts";

/** The state of a log that a checkpoint vouches for: C2SP `tlog-checkpoint`. */
export interface Checkpoint {
  /** Which log it is. */
  readonly origin: string;
  /** How many entries it has. */
  readonly size: number;
  readonly root: TreeHash;
}

/** Writes the text of a checkpoint, which is what gets signed. */
export function formatCheckpoint({ origin, size, root }: Checkpoint): string {
  return `${origin}\n${size}\n${root}\n`;
}

/** Reads the text of a checkpoint; lines after the third are extensions and are skipped. Throws `ERR_AUDIT_FORMAT`. */
export function parseCheckpoint(text: string): Checkpoint {
  const [origin = "", size = "", root] = text.split("\n");
  if (origin === "" || !/^(?:0|[1-9]\d{0,15})$/.test(size) || !isTreeHash(root)) {
    throw new AuditFormatError(
      "a checkpoint",
      "it is not an origin, a size and a root, a line each.",
    );
  }
  return { origin, size: Number(size), root };
}
