import { readFile } from "node:fs/promises";
import { codeOf } from "./open-folder.ts";

/** Reads a text; one that is not there is empty. */
export async function readIfThere(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return "";
    throw error;
  }
}
