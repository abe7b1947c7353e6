import { fingerprintOf } from "../../plugin/fingerprint.ts";
import { jsonSchemaOf } from "../json-schema-of.ts";
import type {
  ApplyStepOptions,
  PluginOptions,
  ResourceChange,
  ResourceState,
  StatePlugin,
} from "../../plugin/state-plugin.ts";
import { StateChangeError, StateInputError } from "../../state-error.ts";
import { readAccountNames } from "./account-names.ts";
import { checkFiles } from "./check-files.ts";
import { diffFile, toShown } from "./diff-file.ts";
import { contentOf, contradictionIn, FileDesired, parseFileDesired } from "./file-desired.ts";
import { FileSnapshot, readEntry, readSnapshots } from "./file-snapshot.ts";
import { openFolder, splitPath } from "./open-folder.ts";
import { findPrivate } from "./find-private.ts";
import { clearLeftover, place, type Placement } from "./place-file.ts";
import { runValidator } from "./run-validator.ts";
import { watchFiles } from "./watch-files.ts";

/** Where files are managed. */
export interface FilesPluginOptions {
  /** Paths are below it, and names of users come from its `etc`; the machine's own root unless told. */
  readonly root?: string;
}

/** Absolute, without empty parts, `.` and `..`: one path, one name. */
const pathPattern = String.raw`(?:/(?!\.{1,2}(?:/|$))[^/\u0000]+)+`;

/**
 * Makes the plugin of managed files and folders: content, mode, owner. Files are replaced at once and whole, a program may
 * have to accept them first, and symbolic links on the way are never followed.
 */
export function createFilesPlugin({ root = "/" }: FilesPluginOptions = {}): StatePlugin {
  return {
    name: "files",
    version: "1",
    keys: { pattern: pathPattern, meaning: "an absolute path like /etc/motd, without dot parts" },
    schema: jsonSchemaOf(FileDesired),
    capabilities: { canBeAbsent: true, canWatch: true },
    query: (keys, options) => queryFiles(root, keys, options),
    diff: async (desired, current) => {
      const problems = desired.flatMap(({ key, desired: wanted }) => {
        const reason = wanted === null ? undefined : contradictionIn(parseFileDesired(wanted));
        return reason === undefined ? [] : [{ resource: `files:${key}`, reason }];
      });
      if (problems.length > 0) throw new StateInputError(problems);
      const known = new Set(desired.map(({ key }) => key));
      const accounts = await readAccountNames(root);
      return desired.flatMap((one) => {
        const { value = null, secrets = [] } = current.get(one.key) ?? {};
        const isPrivate = secrets.length > 0;
        return diffFile(one, { current: value, isPrivate, known, accounts }) ?? [];
      });
    },
    check: (changes, { signal }) => checkFiles(changes, { root, signal }),
    apply: (change, options) => applyFile(root, change, options),
    checkpoint: (keys, { signal }) => readSnapshots(root, keys, signal),
    describe: async (key, saved, { signal }) => {
      const snapshot = FileSnapshot.parse(saved);
      const isPrivate = (await findPrivate(root, [key], signal)).has(key);
      return toShown(snapshot, { accounts: await readAccountNames(root), isPrivate });
    },
    rollback: async (key, saved) => restoreFile(root, key, FileSnapshot.parse(saved)),
    watch: (keys, { signal }) => watchFiles(root, keys, signal),
  };
}

async function queryFiles(
  root: string,
  keys: readonly string[],
  { signal }: PluginOptions,
): Promise<ReadonlyMap<string, ResourceState>> {
  const accounts = await readAccountNames(root);
  const snapshots = await readSnapshots(root, keys, signal);
  const hidden = await findPrivate(root, keys, signal);
  return new Map(
    [...snapshots].map(([key, snapshot]) => {
      const state = toShown(snapshot, { accounts, isPrivate: hidden.has(key) });
      return [key, { ...state, fingerprint: fingerprintOf(state.value) }];
    }),
  );
}

async function applyFile(
  root: string,
  change: ResourceChange,
  { signal, progress }: ApplyStepOptions,
): Promise<void> {
  const { key, desired } = change;
  const { folder: parts, name } = splitPath(key);
  await using folder = await openFolder(root, parts);
  if (folder === undefined) {
    if (desired === null) return;
    throw new StateChangeError(`files:${key}`, "its folder does not exist.");
  }
  if (desired === null) {
    await place(folder, name, { type: "absent" });
    return;
  }
  const wanted = parseFileDesired(desired);
  const placement = await placementOf(root, wanted, await readEntry(folder, name));
  await place(folder, name, placement, async (temporary) => {
    if (wanted.validate === undefined) return;
    progress(`asking ${wanted.validate[0] ?? ""}`);
    const path = realPath(root, parts, temporary);
    await runValidator({ resource: `files:${key}`, command: wanted.validate, path, signal });
  });
}

async function placementOf(
  root: string,
  wanted: FileDesired,
  current: FileSnapshot,
): Promise<Placement> {
  const { users, groups } = await readAccountNames(root);
  const type = wanted.type ?? "file";
  const kept = current.type === type ? current : undefined;
  const ids = {
    mode:
      wanted.mode === undefined
        ? (kept?.mode ?? defaultModes[type])
        : Number.parseInt(wanted.mode, 8),
    uid: idFor(wanted.owner, users.idOf) ?? kept?.uid ?? process.geteuid?.() ?? 0,
    gid: idFor(wanted.group, groups.idOf) ?? kept?.gid ?? process.getegid?.() ?? 0,
  };
  if (type === "directory") return { type, ...ids };
  const old =
    current.type === "file" ? Buffer.from(current.contentBase64, "base64") : Buffer.alloc(0);
  return { type, ...ids, content: contentOf(wanted) ?? old };
}

const defaultModes = { file: 0o644, directory: 0o755 } as const;

function idFor(
  name: string | undefined,
  find: (name: string) => number | undefined,
): number | undefined {
  if (name === undefined) return undefined;
  const id = find(name);
  if (id === undefined) throw new StateChangeError(`account ${name}`, "there is no such account.");
  return id;
}

async function restoreFile(root: string, key: string, saved: FileSnapshot): Promise<void> {
  const { folder: parts, name } = splitPath(key);
  await using folder = await openFolder(root, parts);
  if (folder === undefined) {
    if (saved.type === "absent") return;
    throw new StateChangeError(`files:${key}`, "its folder does not exist.");
  }
  const current = await readEntry(folder, name);
  // A full disk has no room for what is there already.
  if (saved.type === "other" || fingerprintOf(current) === fingerprintOf(saved)) {
    await clearLeftover(folder, name);
    return;
  }
  // A folder cannot be replaced by a rename; it goes first, when it is empty.
  const isMixed = (current.type === "directory") !== (saved.type === "directory");
  if (isMixed && current.type !== "absent") await place(folder, name, { type: "absent" });
  await place(folder, name, toPlacement(saved));
}

function toPlacement(saved: Exclude<FileSnapshot, { readonly type: "other" }>): Placement {
  if (saved.type !== "file") return saved;
  const { contentBase64, ...rest } = saved;
  return { ...rest, content: Buffer.from(contentBase64, "base64") };
}

function realPath(root: string, parts: readonly string[], name: string): string {
  return [root === "/" ? "" : root, ...parts, name].join("/");
}
