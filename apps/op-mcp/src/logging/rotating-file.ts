import {
  closeSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import type { Clock } from "op-core";

/** How a log file is kept. */
export interface RotatingFileOptions {
  readonly file: string;
  readonly maxBytes: number;
  readonly maxAgeMs: number;
  readonly maxFiles: number;
  readonly clock: Clock;
  /** Gets the lines that the file does not take, and one line that says why. */
  readonly writeFallback: (text: string) => void;
}

/**
 * A log file that is rotated to `file.1`, `file.2` … by size and age. Each line is written at once and completely, so
 * nothing is lost when the process dies. Writing never throws: while the disk is full or the file cannot be opened, lines
 * go to the fallback, and the file is tried again with the next line.
 */
export class RotatingFile implements Disposable {
  readonly #options: RotatingFileOptions;
  #descriptor: number | undefined;
  #openedAtMs = 0;
  #hasFailed = false;
  #isMidLine = false;

  constructor(options: RotatingFileOptions) {
    this.#options = options;
  }

  /** Writes one line, which ends in a line feed. */
  write(line: string): void {
    try {
      this.#writeToFile(line);
      this.#hasFailed = false;
    } catch (error) {
      this.#reportOnce(error);
      this.#options.writeFallback(line);
    }
  }

  /** Lets go of the file, so that the next line opens the one that now has its name. */
  reopen(): void {
    const descriptor = this.#descriptor;
    this.#descriptor = undefined;
    if (descriptor !== undefined) closeSync(descriptor);
  }

  [Symbol.dispose](): void {
    this.reopen();
  }

  #writeToFile(line: string): void {
    const bytes = Buffer.from(this.#isMidLine ? `\n${line}` : line);
    this.#descriptor ??= this.#open();
    if (this.#isDue(this.#descriptor, bytes.length)) this.#rotate();
    this.#descriptor ??= this.#open();
    this.#writeAll(this.#descriptor, bytes);
  }

  #writeAll(descriptor: number, bytes: Buffer): void {
    let written = 0;
    try {
      while (written < bytes.length) written += writeSync(descriptor, bytes, written);
    } finally {
      const isWhole = written === 0 || written === bytes.length;
      this.#isMidLine = isWhole ? this.#isMidLine && written === 0 : true;
    }
  }

  #open(): number {
    mkdirSync(dirname(this.#options.file), { recursive: true, mode: 0o700 });
    this.#openedAtMs = this.#options.clock.now();
    return openSync(this.#options.file, "a", 0o600);
  }

  #isDue(descriptor: number, added: number): boolean {
    const stats = fstatSync(descriptor);
    const { size } = stats;
    if (size === 0) return false;
    const ageMs = this.#options.clock.now() - bornAt(stats, this.#openedAtMs);
    return size + added > this.#options.maxBytes || ageMs > this.#options.maxAgeMs;
  }

  /** Several processes may share the file: only the one that still holds the current file moves it. */
  #rotate(): void {
    const { file, maxFiles } = this.#options;
    const isCurrent = this.#descriptor !== undefined && isSameFile(this.#descriptor, file);
    this.reopen();
    if (!isCurrent) return;
    rmSync(`${file}.${maxFiles}`, { force: true });
    for (let number = maxFiles - 1; number >= 1; number -= 1) {
      if (existsSync(`${file}.${number}`)) renameSync(`${file}.${number}`, `${file}.${number + 1}`);
    }
    renameSync(file, `${file}.1`);
  }

  #reportOnce(error: unknown): void {
    if (this.#hasFailed) return;
    this.#hasFailed = true;
    const reason = error instanceof Error ? error.message : String(error);
    const message = `The log file ${this.#options.file} cannot be written; lines come here instead.`;
    this.#options.writeFallback(`${JSON.stringify({ level: "error", msg: message, reason })}\n`);
  }
}

/** When a file was made, or was opened where the file system, such as NFS, does not keep that and says 0. */
export function bornAt({ birthtimeMs }: Pick<Stats, "birthtimeMs">, openedAtMs: number): number {
  return birthtimeMs > 0 ? birthtimeMs : openedAtMs;
}

function isSameFile(descriptor: number, file: string): boolean {
  const held = fstatSync(descriptor);
  const named = statSync(file, { throwIfNoEntry: false });
  return named !== undefined && named.ino === held.ino && named.dev === held.dev;
}
