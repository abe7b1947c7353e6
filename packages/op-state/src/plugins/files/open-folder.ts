import { constants } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";
import { StateChangeError } from "../../state-error.ts";

const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW } = constants;

/** A folder that is held open: what happens in it happens there, whatever is renamed meanwhile. */
export interface Folder extends AsyncDisposable {
  readonly handle: FileHandle;
  /** A path to an entry that no symbolic link above it can redirect. */
  at(name: string): string;
}

/** A path below a root, cut in two. */
export interface SplitPath {
  readonly folder: readonly string[];
  readonly name: string;
}

/** Cuts an absolute path into its folder and its name. */
export function splitPath(path: string): SplitPath {
  const parts = path.split("/").slice(1);
  return { folder: parts.slice(0, -1), name: parts.at(-1) ?? "" };
}

/**
 * Opens a folder below a root, part by part, without following symbolic links: nobody who may write to one of the folders
 * can lead a change elsewhere. Undefined when it does not exist.
 */
export async function openFolder(
  root: string,
  parts: readonly string[],
): Promise<Folder | undefined> {
  let handle = await open(root, O_RDONLY | O_DIRECTORY);
  for (const [index, part] of parts.entries()) {
    const parent = handle;
    try {
      handle = await open(
        `/proc/self/fd/${parent.fd}/${part}`,
        O_RDONLY | O_DIRECTORY | O_NOFOLLOW,
      );
    } catch (error) {
      if (codeOf(error) === "ENOENT") return undefined;
      throw linkError(error, `/${parts.slice(0, index + 1).join("/")}`);
    } finally {
      await parent.close();
    }
  }
  const opened = handle;
  return {
    handle: opened,
    at: (name) => `/proc/self/fd/${opened.fd}/${name}`,
    [Symbol.asyncDispose]: () => opened.close(),
  };
}

/** The kernel says ENOTDIR for a symbolic link that must not be followed and must be a folder. */
function linkError(error: unknown, path: string): unknown {
  if (codeOf(error) !== "ENOTDIR" && codeOf(error) !== "ELOOP") return error;
  return new StateChangeError(`files:${path}`, "it is a symbolic link or no folder.", {
    advice: "Name the real path: links on the way are not followed.",
    cause: error,
  });
}

/** The name of a system error; undefined for others. */
export function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}
