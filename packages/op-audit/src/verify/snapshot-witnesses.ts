import { basename } from "node:path";
import { listSegments } from "../segments/segment-file.ts";
import { readSnapshot } from "../snapshots/read-snapshot.ts";
import type { KnownCheckpoint } from "./known-checkpoints.ts";

/** A segment that the log lacks and a snapshot has. */
export interface KeptSegment {
  /** The place of its first entry. */
  readonly first: number;
  /** Where it lies in the newest snapshot that has it. */
  readonly path: string;
}

/** What snapshots say of a log. */
export interface SnapshotWitness {
  /** What the log was like, to compare it with. Nobody signed it: it counts as far as snapshots cannot be written. */
  readonly known: readonly KnownCheckpoint[];
  readonly kept: readonly KeptSegment[];
}

/** Reads what snapshots, oldest first, know of a log and what they have that it lacks. */
export async function askSnapshots(
  directory: string,
  snapshots: readonly string[],
): Promise<SnapshotWitness> {
  const there = new Set(
    (await listSegments(directory)).filter(hasEntries).map(({ first }) => first),
  );
  const known: KnownCheckpoint[] = [];
  const kept = new Map<number, string>();
  for (const path of snapshots) {
    const { head, segments } = await readSnapshot(path);
    if (head.size > 0) known.push({ ...head, file: `snapshot ${basename(path)}`, offset: 0 });
    for (const segment of segments) {
      if (segment.path !== undefined && !there.has(segment.first))
        kept.set(segment.first, segment.path);
    }
  }
  const missing = [...kept].map(([first, path]) => ({ first, path }));
  return { known, kept: missing.toSorted((one, other) => one.first - other.first) };
}

function hasEntries({ path }: { readonly path: string | undefined }): boolean {
  return path !== undefined;
}
