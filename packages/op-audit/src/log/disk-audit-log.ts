import { formatError, type Clock, type Logger } from "op-core";
import type { AuditConfig } from "../audit-config.ts";
import { AuditClosedError, AuditUnavailableError } from "../audit-error.ts";
import type { AuditKey } from "../checkpoints/audit-key.ts";
import { Checkpointer } from "../checkpoints/checkpointer.ts";
import type { AuditDraft } from "../entry/audit-draft.ts";
import type { AppendFile, AuditFiles } from "../files/audit-files.ts";
import type { Removal } from "../retention/choose-removals.ts";
import { Housekeeper } from "../retention/housekeeper.ts";
import type { SnapshotKeeper } from "../snapshots/snapshot-keeper.ts";
import { checkpointMessage } from "../sinks/audit-message.ts";
import type { AuditMessage, AuditSink } from "../sinks/audit-sink.ts";
import { SinkQueue } from "../sinks/sink-queue.ts";
import type {
  AppendOptions,
  AuditReceipt,
  AuditState,
  EnqueueOptions,
  FileAuditLog,
} from "./audit-log.ts";
import { EntryQueue } from "./entry-queue.ts";
import type { RecoveredLog } from "./recover.ts";
import { SegmentWriter } from "./segment-writer.ts";

/** What a log on the disk is made of. */
export interface DiskAuditLogOptions {
  readonly directory: string;
  readonly origin: string;
  readonly files: AuditFiles;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly sinks: readonly AuditSink[];
  /** Makes what sinks are sent; absent where there are none. */
  readonly toMessage?: ((body: string, seq: number | undefined) => AuditMessage) | undefined;
  readonly witnesses: readonly AuditSink[];
  readonly settings: AuditConfig;
  readonly key: AuditKey | undefined;
  readonly checkpointFile: AppendFile | undefined;
  readonly recovered: RecoveredLog;
  readonly lock: Disposable;
  readonly snapshots: SnapshotKeeper;
}

/** A log that was opened; {@link openAuditLog} makes it. */
export class DiskAuditLog implements FileAuditLog {
  readonly directory: string;
  readonly origin: string;
  readonly #options: DiskAuditLogOptions;
  readonly #writer: SegmentWriter;
  readonly #queue: EntryQueue;
  readonly #checkpointer: Checkpointer | undefined;
  readonly #housekeeper: Housekeeper;
  readonly #sinks: readonly SinkQueue[];
  readonly #witnesses: readonly SinkQueue[];
  #key: AuditKey | undefined;
  #error: unknown;
  #lost = 0;
  #refused = 0;
  /** Of the two above, how many an entry in the log tells of. */
  #told = 0;
  #isOverflowing = false;
  #closing: Promise<void> | undefined;

  constructor(options: DiskAuditLogOptions) {
    const { directory, origin, files, clock, logger, settings, recovered } = options;
    this.#options = options;
    this.directory = directory;
    this.origin = origin;
    this.#key = options.key;
    this.#sinks = options.sinks.map((sink) => new SinkQueue(sink, { clock, logger }));
    this.#witnesses = options.witnesses.map((sink) => new SinkQueue(sink, { clock, logger }));
    const { compression, retention } = settings;
    this.#housekeeper = new Housekeeper({
      directory,
      files,
      clock,
      logger,
      compression,
      retention,
      announce: async (removal) => await this.#announce(removal),
      snapshots: options.snapshots,
    });
    const closed = () => this.#housekeeper.start();
    const writerOptions = { directory, origin, files, clock, rotation: settings, closed };
    this.#writer = new SegmentWriter(writerOptions, recovered.state, recovered.active);
    this.#queue = new EntryQueue({
      clock,
      logger,
      settings,
      lastMs: recovered.lastAt ?? 0,
      digest: () => this.#key?.digest,
      commit: async (bodies) => await this.#commit(bodies),
      failed: (error) => this.#fail(error),
      spoiled: () => this.#countSpoiled(),
    });
    this.#checkpointer = this.#createCheckpointer(options);
  }

  get state(): AuditState {
    const checkpoint = this.#checkpointer?.last;
    const error = this.#obstacle();
    const isReady = error === undefined;
    return {
      status: this.#closing !== undefined ? "closed" : isReady ? "ready" : "unavailable",
      size: this.#writer.size,
      queued: this.#queue.deferred,
      lost: this.#lost,
      refused: this.#refused,
      ...(isReady ? {} : { error }),
      ...(checkpoint === undefined ? {} : { checkpoint }),
      snapshots: this.#options.snapshots.state,
      sinks: [...this.#sinks, ...this.#witnesses].map((sink) => sink.state),
    };
  }

  /** Says in the log that it was opened and what was repaired. If that fails, nothing is left running. */
  async start(): Promise<void> {
    try {
      await this.#announceOpening();
    } catch (error) {
      await this.#queue.close();
      await this.#checkpointer?.close();
      throw error;
    }
    this.#housekeeper.start();
  }

  async append(draft: AuditDraft, options: AppendOptions = {}): Promise<AuditReceipt> {
    if (this.#closing !== undefined) throw new AuditClosedError(this.directory);
    options.signal?.throwIfAborted();
    return await this.#append(draft, options.whenUnavailable);
  }

  enqueue(draft: AuditDraft, options: EnqueueOptions = {}): void {
    if (this.#closing !== undefined) throw new AuditClosedError(this.directory);
    const policy = options.whenUnavailable ?? this.#options.settings.whenUnavailable;
    const obstacle = this.#obstacle();
    if (obstacle !== undefined && policy === "refuse") {
      this.#refused += 1;
      throw new AuditUnavailableError(this.directory, obstacle);
    }
    if (this.#queue.isFull) this.#drop(draft);
    else this.#queue.defer(draft);
  }

  async flush(): Promise<void> {
    await this.#queue.flush();
  }

  async checkpoint(): Promise<string | undefined> {
    await this.flush();
    return await this.#checkpointer?.sign();
  }

  async rotateKey(key: AuditKey): Promise<void> {
    const details = { from: this.#key?.verifier, to: key.verifier };
    await this.append(
      { kind: "event", event: "key-rotated", details },
      { whenUnavailable: "refuse" },
    );
    await this.#checkpointer?.changeKey(key);
    this.#key = key;
  }

  async rotate(): Promise<void> {
    await this.#queue.exclusive(async () => await this.#writer.rotate());
  }

  async tidy(): Promise<readonly Removal[]> {
    return await this.#housekeeper.run();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await (this.#closing ??= this.#close());
  }

  async #announceOpening(): Promise<void> {
    const { tornBytes, faults } = this.#options.recovered.recovery;
    if (tornBytes > 0 || faults.length > 0) {
      const details = { tornBytes, faults: faults.slice(0, 10) };
      this.#options.logger.warn("The audit log was repaired.", {
        ...details,
        directory: this.directory,
      });
      await this.append({ kind: "event", event: "log-recovered", details });
    }
    await this.append({
      kind: "event",
      event: "log-opened",
      details: { verifier: this.#key?.verifier },
    });
  }

  async #append(draft: AuditDraft, whenUnavailable?: "refuse" | "continue"): Promise<AuditReceipt> {
    const body = this.#queue.compose(draft);
    try {
      return await this.#queue.add(body);
    } catch (error) {
      const policy = whenUnavailable ?? this.#options.settings.whenUnavailable;
      if (policy === "refuse") {
        this.#refused += 1;
        throw new AuditUnavailableError(this.directory, error);
      }
      this.#lose([body]);
      return { isDurable: false, error };
    }
  }

  /** What the log lost may still reach another place. */
  #lose(bodies: readonly string[]): void {
    this.#lost += bodies.length;
    this.#sendEntries(bodies, () => undefined);
  }

  #obstacle(): unknown {
    if (this.#error !== undefined || !this.#queue.isFull) return this.#error;
    return new Error(`${this.#queue.deferred} entries wait to be written already.`);
  }

  #drop(draft: AuditDraft): void {
    const { logger } = this.#options;
    const details = { directory: this.directory, queued: this.#queue.deferred };
    if (!this.#isOverflowing) logger.error("The audit log loses entries.", details);
    this.#isOverflowing = true;
    try {
      this.#lose([this.#queue.compose(draft)]);
    } catch (error) {
      this.#lost += 1;
      logger.error("An audit entry cannot be written.", { reason: formatError(error) });
    }
  }

  /** The entry in its place tells of it. */
  #countSpoiled(): void {
    this.#lost += 1;
    this.#told += 1;
  }

  async #announce({ seal, reason }: Removal): Promise<void> {
    const { first, count, head } = seal;
    const details = { first, count, head, reason };
    await this.#append({ kind: "event", event: "segment-removed", details }, "refuse");
  }

  async #commit(waiting: readonly string[]): Promise<readonly AuditReceipt[]> {
    const notices = this.#notices();
    const missed = this.#lost + this.#refused;
    const bodies = [...notices, ...waiting];
    const first = await this.#writer.commit(bodies);
    this.#told = missed;
    this.#recover();
    this.#checkpointer?.advanced(this.#writer.size);
    this.#sendEntries(bodies, (at) => first + at);
    const from = first + notices.length;
    return waiting.map((_body, at) => ({ isDurable: true, seq: from + at }));
  }

  /** What the log has to say of itself before it goes on. */
  #notices(): readonly string[] {
    if (this.#lost + this.#refused === this.#told) return [];
    const details = { lost: this.#lost, refused: this.#refused };
    return [this.#queue.composeEvent("entries-lost", details)];
  }

  #recover(): void {
    this.#isOverflowing = false;
    if (this.#error === undefined) return;
    this.#error = undefined;
    this.#options.logger.warn("The audit log can be written again.", { directory: this.directory });
  }

  #fail(error: unknown): void {
    const { logger } = this.#options;
    const details = { directory: this.directory, error: formatError(error) };
    if (this.#error === undefined) logger.error("The audit log cannot be written.", details);
    this.#error = error;
  }

  /** Whatever happens here, the entries are written, or not, already. */
  #sendEntries(bodies: readonly string[], seqOf: (at: number) => number | undefined): void {
    const { toMessage } = this.#options;
    if (toMessage === undefined) return;
    const messages: AuditMessage[] = [];
    for (const [at, body] of bodies.entries()) {
      try {
        messages.push(toMessage(body, seqOf(at)));
      } catch (error) {
        const details = { error: formatError(error) };
        this.#options.logger.error("An audit entry cannot be sent to the sinks.", details);
      }
    }
    for (const sink of this.#sinks) sink.push(messages);
  }

  #createCheckpointer(options: DiskAuditLogOptions): Checkpointer | undefined {
    const { key, checkpointFile: file, settings, origin, clock, logger } = options;
    if (key === undefined || file === undefined) return undefined;
    const { checkpointEntries, checkpointIntervalMs } = settings;
    return new Checkpointer({
      checkpointEntries,
      checkpointIntervalMs,
      origin,
      key,
      file,
      clock,
      logger,
      tree: () => this.#writer.tree(),
      signed: ({ at, size, note }) => {
        for (const witness of this.#witnesses) witness.push([checkpointMessage(at, size, note)]);
      },
    });
  }

  async #close(): Promise<void> {
    const { checkpointer, lock } = { checkpointer: this.#checkpointer, lock: this.#options.lock };
    await using closing = new AsyncDisposableStack();
    closing.use(lock);
    closing.defer(async () => await this.#writer.close());
    closing.defer(async () => await checkpointer?.close());
    closing.defer(async () => await this.#closeSinks());
    await this.#housekeeper.settle();
    await this.#append({ kind: "event", event: "log-closed" }, "continue");
    this.#abandon(await this.#queue.close());
    await this.#signLast();
  }

  #abandon(bodies: readonly string[]): void {
    if (bodies.length === 0) return;
    this.#lose(bodies);
    const details = { directory: this.directory, lost: bodies.length };
    this.#options.logger.error("The audit log was closed before all of it was written.", details);
  }

  async #closeSinks(): Promise<void> {
    const queues = [...this.#sinks, ...this.#witnesses];
    await Promise.all(queues.map(async (queue) => await queue[Symbol.asyncDispose]()));
  }

  /** A log that cannot be written any more is closed all the same; what is durable stays so without this checkpoint. */
  async #signLast(): Promise<void> {
    try {
      await this.#checkpointer?.sign();
    } catch (error) {
      this.#fail(error);
    }
  }
}
