import { randomUUID } from "node:crypto";
import { statSync, type BigIntStats } from "node:fs";
import { link, mkdir, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { readPrivateFile } from "../../secrets/private-file.ts";

/**
 * Writes a new file that only its owner can read, complete from the moment it is there. Returns whether it was made:
 * false when there is one already, also one that another process made at the same moment.
 */
export async function createPrivateText(
  path: string,
  text: string,
  signal: AbortSignal,
): Promise<boolean> {
  const temporary = await writeBeside(path, text, signal);
  try {
    await link(temporary, path);
    return true;
  } catch (error) {
    if (isCode(error, "EEXIST")) return false;
    throw error;
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Replaces a file that only its owner can read: a reader sees the old or the new one, also after a power cut. */
export async function replacePrivateText(
  path: string,
  text: string,
  signal: AbortSignal,
): Promise<void> {
  const temporary = await writeBeside(path, text, signal);
  try {
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await using directory = await open(dirname(path));
  await directory.sync();
}

async function writeBeside(path: string, text: string, signal: AbortSignal): Promise<string> {
  signal.throwIfAborted();
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    await using file = await open(temporary, "wx", 0o600);
    await file.writeFile(text);
    await file.sync();
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  return temporary;
}

/** What a private file says, read again whenever it was replaced. */
export class LiveText<Value> {
  readonly #path: string;
  readonly #parse: (text: string | undefined) => Value;
  #known: { readonly stamp: string; readonly value: Value } | undefined;

  /** `parse` gets nothing when there is no file. */
  constructor(path: string, parse: (text: string | undefined) => Value) {
    this.#path = path;
    this.#parse = parse;
  }

  async read(signal: AbortSignal): Promise<Value> {
    // Microseconds, where a trip through the thread pool would cost more than all else that a request is asked.
    const stamp = stampOf(statSync(this.#path, { bigint: true, throwIfNoEntry: false }));
    if (this.#known?.stamp === stamp) return this.#known.value;
    const value = this.#parse(await this.#text(signal));
    // Taken before reading: what is written meanwhile is read again.
    this.#known = { stamp, value };
    return value;
  }

  async #text(signal: AbortSignal): Promise<string | undefined> {
    try {
      return (await readPrivateFile(this.#path, { signal })).toString("utf8");
    } catch (error) {
      if (isCode(error, "ENOENT")) return undefined;
      throw error;
    }
  }
}

/** Changes with every write, and with permissions, which are part of whether a file may be read. */
function stampOf(stats: BigIntStats | undefined): string {
  if (stats === undefined) return "none";
  const { ino, dev, size, mtimeNs, ctimeNs } = stats;
  return [ino, dev, size, mtimeNs, ctimeNs].join(" ");
}

/** Whether a system call failed in this way. */
export function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
