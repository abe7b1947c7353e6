import { constants } from "node:fs";
import { access, readdir, stat, statfs } from "node:fs/promises";
import { dirname, join } from "node:path";
import { resourceId } from "../../plugin/resource-id.ts";
import type { Problem, ResourceChange } from "../../plugin/state-plugin.ts";
import { readAccountNames, type AccountNames } from "./account-names.ts";
import { contentOf, parseFileDesired } from "./file-desired.ts";
import { codeOf } from "./open-folder.ts";

/** What checking changes of files takes. */
export interface CheckFilesOptions {
  readonly root: string;
  readonly signal: AbortSignal;
}

/** Says what would make changes fail: no permission, no space, no folder, an unknown owner. */
export async function checkFiles(
  changes: readonly ResourceChange[],
  { root, signal }: CheckFilesOptions,
): Promise<readonly Problem[]> {
  if (changes.length === 0) return [];
  const accounts = await readAccountNames(root);
  const space = new Map<number, Space>();
  const problems: Problem[] = [];
  const folders = new Map<string, Finding | undefined>();
  for (const change of changes) {
    signal.throwIfAborted();
    const folder = dirname(change.key);
    if (!folders.has(folder)) folders.set(folder, await folderProblem(root, folder, changes));
    const finding =
      folders.get(folder) ??
      ownerProblem(change, accounts) ??
      asFinding(await typeProblem(root, change, changes)) ??
      asFinding(await spaceProblem(root, change, space));
    if (finding !== undefined) {
      problems.push({ resource: resourceId("files", change.key), ...finding });
    }
  }
  return problems;
}

type Finding = Omit<Problem, "resource">;

function asFinding(reason: string | undefined): Finding | undefined {
  return reason === undefined ? undefined : { reason };
}

async function folderProblem(
  root: string,
  folder: string,
  changes: readonly ResourceChange[],
): Promise<Finding | undefined> {
  try {
    await access(join(root, folder), constants.W_OK | constants.X_OK);
    return undefined;
  } catch (error) {
    const code = codeOf(error);
    if (code === "EROFS")
      return { reason: `the file system of ${folder} is read-only: mount it writable.` };
    if (code === "EACCES" || code === "EPERM") {
      const who = `the user ${process.geteuid?.() ?? "of this process"}`;
      const reason = `${folder} may not be written to by ${who}: run op-mcp as one who may, or permit it.`;
      return { reason };
    }
    if (code !== "ENOENT") throw error;
    const isMade = changes.some(({ key, action }) => key === folder && action === "create");
    const reason = `${folder} does not exist: declare it, with type: directory, or require what makes it.`;
    return isMade ? undefined : { reason, solvedBy: [] };
  }
}

function ownerProblem(
  change: ResourceChange,
  { users, groups }: AccountNames,
): Finding | undefined {
  if (change.desired === null) return undefined;
  const { owner, group } = parseFileDesired(change.desired);
  const uid = owner === undefined ? undefined : users.idOf(owner);
  if (owner !== undefined && uid === undefined) {
    return { reason: `there is no user ${owner}.`, solvedBy: [resourceId("users", owner)] };
  }
  if (group !== undefined && groups.idOf(group) === undefined) {
    const solvedBy = [resourceId("groups", group), resourceId("users", group)];
    return { reason: `there is no group ${group}.`, solvedBy };
  }
  const self = process.geteuid?.() ?? 0;
  const isForeign = uid !== undefined && uid !== self;
  return isForeign && self !== 0 ? { reason: `only root may give files to ${owner}.` } : undefined;
}

async function typeProblem(
  root: string,
  change: ResourceChange,
  changes: readonly ResourceChange[],
): Promise<string | undefined> {
  const kind = change.before?.["type"];
  const was = typeof kind === "string" ? kind : undefined;
  if (was === "other") return "it is neither a file, a folder nor a link.";
  if (change.desired === null) {
    return was === "directory" ? leftoverProblem(root, change.key, changes) : undefined;
  }
  const { type = "file" } = parseFileDesired(change.desired);
  if (was === undefined || was === type) return undefined;
  if (was === "symlink" && type === "file") {
    // A mode alone must not turn a link into an empty file.
    const isWhole = contentOf(parseFileDesired(change.desired)) !== undefined;
    return isWhole ? undefined : "it is a symbolic link: declare its content to replace it.";
  }
  return `it is a ${was}, and a ${type} is desired: remove it first.`;
}

/** A folder goes away only when everything in it does. */
async function leftoverProblem(
  root: string,
  folder: string,
  changes: readonly ResourceChange[],
): Promise<string | undefined> {
  const removed = new Set(changes.filter(({ desired }) => desired === null).map(({ key }) => key));
  const entries = await readdir(join(root, folder));
  const left = entries.filter((name) => !removed.has(`${folder}/${name}`));
  return left.length === 0 ? undefined : `it is not empty: ${left.slice(0, 5).join(", ")}.`;
}

interface Space {
  free: number;
  readonly blockBytes: number;
}

/** Both the old and the new content are there for a moment, so what is replaced frees nothing. */
async function spaceProblem(
  root: string,
  change: ResourceChange,
  spaces: Map<number, Space>,
): Promise<string | undefined> {
  if (change.desired === null) return undefined;
  const folder = await nearestFolder(join(root, dirname(change.key)));
  const { dev } = await stat(folder);
  const space = spaces.get(dev) ?? (await readSpace(folder));
  spaces.set(dev, space);
  const bytes = contentOf(parseFileDesired(change.desired))?.length ?? 0;
  const needed = Math.max(1, Math.ceil(bytes / space.blockBytes)) * space.blockBytes;
  space.free -= needed;
  return space.free < 0 ? `there is no space left for it (${needed} bytes): free some.` : undefined;
}

async function readSpace(folder: string): Promise<Space> {
  const { bavail, bfree, bsize } = await statfs(folder);
  return { free: (process.geteuid?.() === 0 ? bfree : bavail) * bsize, blockBytes: bsize };
}

async function nearestFolder(path: string): Promise<string> {
  try {
    await stat(path);
    return path;
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw error;
    return nearestFolder(dirname(path));
  }
}
