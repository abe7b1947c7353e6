import type { Stats } from "node:fs";
import { lstat } from "node:fs/promises";
import { codeOf } from "./open-folder.ts";

/** Looks at a path, not through links; undefined when there is nothing. */
export async function lstatIfThere(path: string): Promise<Stats | undefined> {
  try {
    return await lstat(path);
  } catch (error) {
    if (codeOf(error) === "ENOENT" || codeOf(error) === "ENOTDIR") return undefined;
    throw error;
  }
}
