import {
  chmodSync,
  chownSync,
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";

/** The file behind links, so that an edit changes the target and keeps the link. */
export function followLinks(file: string): string {
  return existsSync(file) ? realpathSync(file) : file;
}

/** The text of a file, or `undefined` when there is none. */
export function readText(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}

/**
 * Replaces a file's text all at once: a reader sees the old or the new one, also after a power cut. Mode and owner stay;
 * a new file can be read by its owner only.
 */
export function replaceFile(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const temporary = `${file}.op-mcp-${process.pid}.tmp`;
  const descriptor = openSync(temporary, "wx", 0o600);
  try {
    writeFileSync(descriptor, text);
    const existing = statSync(file, { throwIfNoEntry: false });
    if (existing !== undefined) {
      fchmodSync(descriptor, existing.mode & 0o7777);
      const own = fstatSync(descriptor);
      if (!hasSameOwner(own, existing)) fchownSync(descriptor, existing.uid, existing.gid);
    }
    fsyncSync(descriptor);
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  } finally {
    closeSync(descriptor);
  }
}

/** Copies a file to a name with the time in it, beside it; says which. */
export function backUpFile(file: string, nowMs: number): string {
  const stamp = new Date(nowMs)
    .toISOString()
    .replaceAll(/[-:]/g, "")
    .replace("T", "-")
    .slice(0, 15);
  const backup = freeName(`${file}.${stamp}`);
  copyFileSync(file, backup, constants.COPYFILE_EXCL);
  const { mode, uid, gid } = statSync(file);
  if (!hasSameOwner(statSync(backup), { uid, gid })) chownSync(backup, uid, gid);
  chmodSync(backup, mode & 0o7777);
  return backup;
}

interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** Only a change of owner needs privileges. */
function hasSameOwner(a: Owner, b: Owner): boolean {
  return a.uid === b.uid && a.gid === b.gid;
}

/** The backups of a file, the newest first. */
export function listBackups(file: string): readonly string[] {
  const directory = dirname(file);
  if (!existsSync(directory)) return [];
  const isBackup = (name: string): boolean =>
    name.startsWith(`${basename(file)}.`) && /\.\d{8}-\d{6}(?:-\d+)?\.op-mcp-backup$/.test(name);
  const names = readdirSync(directory).filter(isBackup);
  return names
    .toSorted(compareNaturally)
    .toReversed()
    .map((name) => join(directory, name));
}

function compareNaturally(a: string, b: string): number {
  return a.localeCompare(b, "en", { numeric: true });
}

function freeName(stem: string): string {
  let number = 1;
  let name = `${stem}.op-mcp-backup`;
  while (existsSync(name)) {
    number += 1;
    name = `${stem}-${number}.op-mcp-backup`;
  }
  return name;
}
