import { realpath, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { isWithin, whyForbidden } from "../places/forbidden-places.ts";
import { refusal } from "./refusal.ts";

/** What a place has to be. */
export type PlaceKind = "file" | "folder" | "any";

/** Where places may be. */
export interface PlaceRules {
  /** What relative places start from. */
  readonly cwd: string;
  readonly folders: readonly string[];
  readonly alsoAllowed?: readonly string[];
}

/**
 * The real path of a place, with every link resolved, or a refusal. What has the path a moment later may be something else:
 * `pinPlace` opens it without following links, and holds it.
 */
export async function checkPlace(
  place: string,
  kind: PlaceKind,
  rules: PlaceRules,
): Promise<string> {
  if (place === "" || place === "-") throw refusal(place, "it names no file");
  const wanted = resolve(rules.cwd, place);
  const found = await realpath(wanted).catch(() => undefined);
  // Outside the folders nobody learns what exists.
  const path = found ?? wanted;
  const folders = await Promise.all(rules.folders.map(realFolder));
  const isAllowed = folders.some((folder) => isWithin(path, folder));
  if (!isAllowed && rules.alsoAllowed?.includes(path) !== true) {
    const advice = `Commands read in: ${rules.folders.join(", ")}.`;
    throw refusal(place, "it is not in a folder that commands may read", advice);
  }
  const why = whyForbidden(path);
  if (why !== undefined) throw refusal(place, why);
  if (found === undefined) throw refusal(place, "it does not exist, or can't be reached");
  await checkKind(found, place, kind);
  return found;
}

async function checkKind(path: string, place: string, kind: PlaceKind): Promise<void> {
  const stats = await stat(path).catch(() => undefined);
  if (stats === undefined) throw refusal(place, "it can't be reached");
  if (kind === "file" && !stats.isFile()) throw refusal(place, "it is no regular file");
  if (kind === "folder" && !stats.isDirectory()) throw refusal(place, "it is no folder");
}

async function realFolder(folder: string): Promise<string> {
  return await realpath(folder).catch(() => resolve(folder));
}
