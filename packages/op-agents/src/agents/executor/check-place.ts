import { realpath, stat } from "node:fs/promises";
import { resolve, sep } from "node:path";
import { refusal } from "./refusal.ts";

/** What a place has to be. */
export type PlaceKind = "file" | "folder" | "any";

/** Trees in which reading does something, or tells secrets; no configuration opens them. */
const machinery = ["/proc", "/sys", "/dev"];

/** Folders of keys and passwords, wherever they are. */
const secretFolders = new Set([".ssh", ".gnupg", ".aws", ".kube", ".docker", ".password-store"]);

/** Where places may be. */
export interface PlaceRules {
  /** What relative places start from. */
  readonly cwd: string;
  readonly folders: readonly string[];
  readonly alsoAllowed?: readonly string[];
}

/**
 * The real path of a place, with every link resolved, or a refusal. Whoever changes a link afterwards meets the sandbox,
 * which decides what can be read at all.
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
  if (machinery.some((tree) => isWithin(path, tree))) {
    throw refusal(place, "files of the kernel are not read");
  }
  if (path.split(sep).some((part) => secretFolders.has(part))) {
    throw refusal(place, "folders of keys and passwords are not read");
  }
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

/** Whether a path is a folder or lies in it; a name that merely begins the same does not. */
function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}
