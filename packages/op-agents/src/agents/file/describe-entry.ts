import type { Stats } from "node:fs";
import type { JsonObject } from "op-core";
import { integer, orNull, string } from "../operation/output-schema.ts";

/** What something in a folder is. */
type EntryKind = "file" | "folder" | "link" | "pipe" | "socket" | "device";

/** What something in a folder is. */
function kindOf(stats: Stats): EntryKind {
  if (stats.isFile()) return "file";
  if (stats.isDirectory()) return "folder";
  if (stats.isSymbolicLink()) return "link";
  if (stats.isFIFO()) return "pipe";
  return stats.isSocket() ? "socket" : "device";
}

/** How a sandbox shows users that it does not know. */
const unknownUser = 65_534;

/** The user or group by number; null for one that the agent's sandbox does not know. */
export function knownOwner(id: number): number | null {
  return id === unknownUser ? null : id;
}

/** What is said of everything in a folder. */
export function describeStats(stats: Stats): JsonObject {
  return {
    kind: kindOf(stats),
    size: stats.size,
    modified: stats.mtime.toISOString(),
    mode: (stats.mode & 0o7777).toString(8).padStart(4, "0"),
  };
}

/** The schema of what {@link describeStats} says. */
export const statsSchema = {
  kind: { type: "string", enum: ["file", "folder", "link", "pipe", "socket", "device"] },
  size: integer,
  modified: string,
  mode: string,
} as const;

/** The schema of an owner. */
export const ownerSchema = orNull("integer");
