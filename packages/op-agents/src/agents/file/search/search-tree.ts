import { relative } from "node:path";
import { isSecret } from "../../places/forbidden-places.ts";
import type { FileSetting } from "../file-setting.ts";
import { openFile } from "../open-file.ts";
import { openTreeFile, type Tree, type TreeEntry } from "../open-tree.ts";
import { readRange } from "../read-chunks.ts";
import { createIgnoreRules, type IgnoreRules } from "./ignore-rules.ts";

/** Which files are searched. */
export interface FileFilter {
  readonly hasHidden: boolean;
  readonly hasIgnored: boolean;
  readonly isWanted: (path: string, name: string) => boolean;
  readonly signal: AbortSignal;
}

/** The regular files of a tree that are searched; folders of version control and keys are not. */
export async function* findFiles(
  tree: Tree,
  filter: FileFilter,
  setting: FileSetting,
): AsyncGenerator<TreeEntry> {
  const { rules, above } = await readRulesAbove(tree.path, setting);
  const isPassed = (path: string, name: string, isFolder: boolean) =>
    name !== ".git" &&
    !isSecret(name) &&
    (filter.hasHidden || !name.startsWith(".")) &&
    (filter.hasIgnored || !rules.isIgnored(path, isFolder));
  const entries = tree.entries({
    depth: 64,
    signal: filter.signal,
    isWanted: isPassed,
    onFolder: async (path, at) => {
      const text = filter.hasIgnored ? undefined : await readIgnoreFile(`${at}/.gitignore`);
      if (text !== undefined) {
        rules.add([above, path].filter((part) => part !== "").join("/"), text);
      }
    },
  });
  for await (const entry of entries) {
    if (entry.stats.isFile() && filter.isWanted(entry.path, entry.name)) yield entry;
  }
}

const mostRules = 262_144;

/** The rules of the folders above the searched one, up to the permitted one. */
async function readRulesAbove(
  path: string,
  setting: FileSetting,
): Promise<{ readonly rules: IgnoreRules; readonly above: string }> {
  const root = setting.roots.find(({ real }) => path === real || path.startsWith(`${real}/`));
  const above = root === undefined ? "" : relative(root.real, path);
  const rules = createIgnoreRules(above);
  const names = above === "" ? [] : above.split("/");
  for (const count of names.keys()) {
    const folder = names.slice(0, count).join("/");
    const text = await readRulesOf(`${root?.real ?? ""}/${folder}/.gitignore`, setting);
    if (text !== undefined) rules.add(folder, text);
  }
  return { rules, above };
}

async function readRulesOf(path: string, setting: FileSetting): Promise<string | undefined> {
  try {
    await using file = await openFile(path, setting);
    return (await readRange(file.handle, 0, mostRules)).toString("utf8");
  } catch {
    // There are none, or nobody may read them.
    return undefined;
  }
}

async function readIgnoreFile(at: string): Promise<string | undefined> {
  const handle = await openTreeFile(at);
  if (handle === undefined) return undefined;
  try {
    return (await readRange(handle, 0, mostRules)).toString("utf8");
  } finally {
    await handle.close();
  }
}
