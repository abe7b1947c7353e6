import { AuditFormatError } from "../audit-error.ts";
import { TreeRange } from "../merkle/tree-range.ts";
import type { TreeHead } from "../merkle/tree-proof.ts";
import { readSeal, type Seal } from "../segments/seal.ts";
import { listSegments, type SegmentFile } from "../segments/segment-file.ts";

/** What a snapshot knows of a log. */
export interface SnapshotContents {
  /** The tree of all segments that were closed. */
  readonly head: TreeHead;
  readonly segments: readonly SegmentFile[];
}

/**
 * Reads what a snapshot knows of its log. The segment that was open when it was taken does not count: its last entries
 * may have been taken back.
 */
export async function readSnapshot(directory: string): Promise<SnapshotContents> {
  const segments = await listSegments(directory);
  const tree = new TreeRange();
  for (const segment of segments) {
    const seal = await sealOf(segment);
    const range = seal && TreeRange.from(seal.first, seal.first + seal.count, seal.range);
    // Behind a hole nobody knows the tree.
    if (range === undefined || range.first !== tree.end) break;
    tree.addRange(range);
  }
  return { head: { size: tree.end, root: tree.root() }, segments };
}

async function sealOf({ sealPath }: SegmentFile): Promise<Seal | undefined> {
  try {
    return sealPath === undefined ? undefined : await readSeal(sealPath);
  } catch (error) {
    // A damaged seal is as good as none.
    if (error instanceof AuditFormatError) return undefined;
    throw error;
  }
}
