import { constants } from "node:fs";
import { chmod, mkdir, mkdtemp, open, readdir, rm, type FileHandle } from "node:fs/promises";
import { randomUUID } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { removeAbandonedFolders } from "op-process";
import { WorkspaceFileError } from "../agent-error.ts";
import type { Workspace } from "./execution-backend.ts";

/** The workspaces of one backend; disposing removes those that are left. */
export interface NativeWorkspaces extends AsyncDisposable {
  open(signal: AbortSignal): Promise<Workspace>;
}

const prefix = "op-agents-";

/**
 * Makes folders in one that nobody else can list, each with a name nobody can guess. Those of processes that were killed
 * are removed first.
 */
export async function openNativeWorkspaces(): Promise<NativeWorkspaces> {
  await removeAbandonedFolders(prefix);
  const left = new Set<Workspace>();
  /** Made with the first workspace: who needs none leaves nothing on the disk, however it ends. */
  let home: Promise<string> | undefined;
  return {
    open: async (signal) => {
      signal.throwIfAborted();
      home ??= makeHome();
      const folder = join(await home, randomUUID());
      await mkdir(folder);
      // The program is a user that only its sandbox knows.
      await chmod(folder, 0o777);
      const workspace = createWorkspace(folder, () => left.delete(workspace));
      left.add(workspace);
      return workspace;
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all([...left].map(async (workspace) => await workspace[Symbol.asyncDispose]()));
      if (home !== undefined) await rm(await home, { recursive: true, force: true });
    },
  };
}

async function makeHome(): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), `${prefix}${process.pid}-`));
  await chmod(home, 0o711);
  return home;
}

function createWorkspace(folder: string, onRemoved: () => void): Workspace {
  const { O_NOFOLLOW, O_NONBLOCK, O_RDONLY, O_WRONLY, O_CREAT, O_TRUNC } = constants;
  return {
    path: folder,
    write: async (name, content, { signal }) => {
      await using file = await openFile(
        folder,
        name,
        O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_NONBLOCK,
      );
      await file.handle.writeFile(content, { signal });
    },
    read: async (name, { signal, maxBytes }) => {
      // Without O_NONBLOCK opening a pipe would wait for a writer.
      await using file = await openFile(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
      if (file.size > maxBytes) {
        throw new WorkspaceFileError(name, `it has ${file.size} bytes, ${maxBytes} are allowed`);
      }
      const content = await file.handle.readFile({ signal });
      return content.subarray(0, maxBytes);
    },
    list: async ({ signal }) => {
      signal.throwIfAborted();
      return (await readdir(folder)).toSorted();
    },
    [Symbol.asyncDispose]: async () => {
      onRemoved();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

interface OpenedFile extends AsyncDisposable {
  readonly handle: FileHandle;
  readonly size: number;
}

async function openFile(folder: string, name: string, flags: number): Promise<OpenedFile> {
  if (name === "" || name === "." || name === ".." || /[/\0]/u.test(name)) {
    throw new WorkspaceFileError(name, "that is no plain name");
  }
  await using opening = new AsyncDisposableStack();
  const handle = opening.use(await openPlainly(join(folder, name), name, flags));
  const stats = await handle.stat();
  if (!stats.isFile()) throw new WorkspaceFileError(name, "it is no regular file");
  const opened = opening.move();
  return {
    handle,
    size: stats.size,
    [Symbol.asyncDispose]: async () => await opened.disposeAsync(),
  };
}

async function openPlainly(path: string, name: string, flags: number): Promise<FileHandle> {
  try {
    return await open(path, flags, 0o666);
  } catch (error) {
    throw new WorkspaceFileError(name, "it can't be opened, or is a link", error);
  }
}
