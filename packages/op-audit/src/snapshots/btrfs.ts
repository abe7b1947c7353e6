import { execFile } from "node:child_process";
import { chmod, mkdir, readFile, realpath } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { snapshotDirectory } from "./snapshot-directory.ts";
import { hasDataChecksums } from "./mount-options.ts";
import type { SnapshotStore } from "./snapshot-store.ts";

const directoryMode = 0o750;
const timeout = 60_000;

/** Makes a directory that btrfs can take snapshots of. */
export async function createSubvolume(directory: string): Promise<void> {
  await mkdir(dirname(directory), { recursive: true, mode: directoryMode });
  await run("btrfs", ["subvolume", "create", directory]);
  await chmod(directory, directoryMode);
}

/** Keeps snapshots of a directory that is a btrfs subvolume. */
export async function openBtrfsStore(directory: string): Promise<SnapshotStore> {
  const home = snapshotDirectory(directory);
  return {
    kind: "btrfs",
    hasChecksums: await hasChecksums(directory),
    take: async (name) => {
      await mkdir(home, { recursive: true, mode: directoryMode });
      await run("btrfs", ["subvolume", "snapshot", "-r", directory, join(home, name)]);
    },
    remove: async (name) => {
      await run("btrfs", ["subvolume", "delete", join(home, name)]);
    },
  };
}

/** Files without copy-on-write have no checksums: by an attribute that new files inherit, or by how it is mounted. */
async function hasChecksums(directory: string): Promise<boolean | undefined> {
  try {
    const path = await realpath(directory);
    if (!hasDataChecksums(await readFile("/proc/self/mountinfo", "utf8"), path)) return false;
    const [attributes = ""] = (await run("lsattr", ["-d", path])).split(" ");
    return !attributes.includes("C");
  } catch {
    // Nobody can tell without these; the caller says so.
    return undefined;
  }
}

/** Where administrators' tools lie that are not on everybody's path. */
const folders = ["", "/usr/sbin/", "/sbin/"];

async function run(command: string, args: readonly string[]): Promise<string> {
  for (const folder of folders) {
    try {
      return (await promisify(execFile)(`${folder}${command}`, args, { timeout })).stdout;
    } catch (error) {
      if (!isMissing(error)) throw toError(command, error);
    }
  }
  throw new Error(`${command} is not installed.`);
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}

/** What the command said, without the whole command line before it. */
function toError(command: string, error: unknown): Error {
  const said =
    error instanceof Error && "stderr" in error && typeof error.stderr === "string"
      ? error.stderr.trim()
      : "";
  return new Error(`${command} failed: ${said === "" ? String(error) : said}`, { cause: error });
}
