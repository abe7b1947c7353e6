import { formatError, type Clock, type Logger } from "op-core";
import type { AppendFile } from "../files/audit-files.ts";
import type { TreeRange } from "../merkle/tree-range.ts";
import type { AuditKey } from "./audit-key.ts";
import { formatCheckpointLine } from "./checkpoint-file.ts";
import { formatCheckpoint } from "./checkpoint.ts";
import { signNote, type NoteSigner } from "./signed-note.ts";

/** When a checkpoint is due. */
export interface CheckpointPolicy {
  readonly checkpointEntries: number;
  readonly checkpointIntervalMs: number;
}

/** What a checkpointer needs. */
export interface CheckpointerOptions extends CheckpointPolicy {
  readonly origin: string;
  readonly key: AuditKey;
  readonly file: AppendFile;
  readonly clock: Clock;
  readonly logger: Logger;
  /** The tree over every durable entry. */
  readonly tree: () => TreeRange;
  /** Told of every checkpoint that is on the disk. */
  readonly signed: (checkpoint: CheckpointState & { readonly note: string }) => void;
}

/** The last checkpoint of a log. */
export interface CheckpointState {
  readonly size: number;
  readonly at: string;
}

/** Signs what is durable, every so often and on demand. */
export class Checkpointer {
  readonly #options: CheckpointerOptions;
  #key: AuditKey;
  #last: CheckpointState | undefined;
  #lastMs: number;
  #writing: Promise<unknown> = Promise.resolve();
  #timer: Disposable | undefined;

  constructor(options: CheckpointerOptions) {
    this.#options = options;
    this.#key = options.key;
    this.#lastMs = options.clock.monotonic();
  }

  get last(): CheckpointState | undefined {
    return this.#last;
  }

  /** Notes that entries have become durable, and signs if it is time; nobody waits for it. */
  advanced(size: number): void {
    const { checkpointEntries, checkpointIntervalMs, clock } = this.#options;
    const isDue =
      size - (this.#last?.size ?? 0) >= checkpointEntries ||
      clock.monotonic() - this.#lastMs >= checkpointIntervalMs;
    if (isDue) void this.#signQuietly();
    else this.#timer ??= this.#startTimer(checkpointIntervalMs);
  }

  /** Signs now and returns the note once it is on the disk. */
  async sign(cosigners: readonly NoteSigner[] = []): Promise<string> {
    const tree = this.#options.tree();
    const at = new Date(this.#options.clock.now()).toISOString();
    const text = formatCheckpoint({
      origin: this.#options.origin,
      size: tree.end,
      root: tree.root(),
    });
    const note = signNote(text, [this.#key, ...cosigners]);
    this.#last = { size: tree.end, at };
    this.#lastMs = this.#options.clock.monotonic();
    this.#stopTimer();
    await this.#write(formatCheckpointLine(note));
    this.#options.signed({ at, note, size: tree.end });
    return note;
  }

  /** Signs with both keys, so that whoever trusts the old one may trust the new one, which signs from now on. */
  async changeKey(key: AuditKey): Promise<string> {
    const note = await this.sign([key]);
    this.#key = key;
    return note;
  }

  async close(): Promise<void> {
    this.#stopTimer();
    await this.#writing;
    await this.#options.file.close();
  }

  #startTimer(ms: number): Disposable {
    const timer = this.#options.clock.startTimer(ms, () => {
      this.#timer = undefined;
      void this.#signQuietly();
    });
    timer.unref();
    return timer;
  }

  #stopTimer(): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
  }

  /** A checkpoint that cannot be written is made up for by the next one; the entries are safe without it. */
  async #signQuietly(): Promise<void> {
    try {
      await this.sign();
    } catch (error) {
      this.#options.logger.error("An audit checkpoint could not be written.", {
        error: formatError(error),
      });
    }
  }

  #write(line: Buffer): Promise<void> {
    const write = async () => {
      const { file } = this.#options;
      const { size } = file;
      try {
        await file.append(line);
        await file.sync();
      } catch (error) {
        await file.truncate(size);
        throw error;
      }
    };
    const written = this.#writing.then(write, write);
    this.#writing = written.catch(() => undefined);
    return written;
  }
}
