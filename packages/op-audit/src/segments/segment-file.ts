import { readdir } from "node:fs/promises";
import { join } from "node:path";

/** How a closed segment is compressed. */
export type Compression = "none" | "zstd" | "gzip";

/** One segment, by what lies in the directory. */
export interface SegmentFile {
  /** The place of its first entry in the log. */
  readonly first: number;
  /** Where its entries lie; nothing, if only the seal is left. */
  readonly path: string | undefined;
  readonly compression: Compression;
  readonly sealPath: string | undefined;
}

const namePattern = /^audit-(?<first>\d{16})\.(?<kind>jsonl|jsonl\.zst|jsonl\.gz|seal\.json)$/;
const endings = { none: "jsonl", zstd: "jsonl.zst", gzip: "jsonl.gz" } as const;
const compressions: Readonly<Record<string, Compression>> = {
  jsonl: "none",
  "jsonl.zst": "zstd",
  "jsonl.gz": "gzip",
};

/** Where the segment lies whose first entry has this place. */
export function segmentPath(directory: string, first: number, compression: Compression): string {
  return join(directory, `${stem(first)}.${endings[compression]}`);
}

/** Where the seal of that segment lies. */
export function sealPath(directory: string, first: number): string {
  return join(directory, `${stem(first)}.seal.json`);
}

function stem(first: number): string {
  return `audit-${String(first).padStart(16, "0")}`;
}

/** The segments of a log, oldest first. Where a segment lies there both ways, the one that is not compressed counts. */
export async function listSegments(directory: string): Promise<SegmentFile[]> {
  const found = new Map<number, SegmentFile>();
  // Sorted, so that the ending `jsonl` comes first and wins.
  for (const name of (await readdir(directory)).toSorted()) {
    const groups = namePattern.exec(name)?.groups;
    if (groups === undefined) continue;
    const first = Number(groups["first"]);
    const before = found.get(first) ?? {
      first,
      path: undefined,
      compression: "none",
      sealPath: undefined,
    };
    const path = join(directory, name);
    const compression = compressions[groups["kind"] ?? ""];
    if (compression === undefined) found.set(first, { ...before, sealPath: path });
    else if (before.path === undefined) found.set(first, { ...before, path, compression });
  }
  return [...found.values()].toSorted((one, other) => one.first - other.first);
}
