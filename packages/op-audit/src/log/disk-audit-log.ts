import { formatError, type Clock, type JsonObject, type Logger } from "op-core";
import type { AuditConfig } from "../audit-config.ts";
import { AuditClosedError, AuditUnavailableError } from "../audit-error.ts";
import type { AuditKey } from "../checkpoints/audit-key.ts";
import { Checkpointer } from "../checkpoints/checkpointer.ts";
import type { AuditDraft } from "../entry/audit-draft.ts";
import type { AuditEventName } from "../entry/audit-entry.ts";
import { composeRecord, type Stamp } from "../entry/compose-record.ts";
import type { AppendFile, AuditFiles } from "../files/audit-files.ts";
import type { Removal } from "../retention/choose-removals.ts";
import { Housekeeper } from "../retention/housekeeper.ts";
import { checkpointMessage, entryMessage } from "../sinks/audit-message.ts";
import type { AuditMessage, AuditSink } from "../sinks/audit-sink.ts";
import { SinkQueue } from "../sinks/sink-queue.ts";
import type { AppendOptions, AuditReceipt, AuditState, FileAuditLog } from "./audit-log.ts";
import { GroupCommit } from "./group-commit.ts";
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
  readonly witnesses: readonly AuditSink[];
  readonly settings: AuditConfig;
  readonly key: AuditKey | undefined;
  readonly checkpointFile: AppendFile | undefined;
  readonly recovered: RecoveredLog;
  readonly lock: Disposable;
}

/** A log that was opened; {@link openAuditLog} makes it. */
export class DiskAuditLog implements FileAuditLog {
  readonly directory: string;
  readonly origin: string;
  readonly #options: DiskAuditLogOptions;
  readonly #writer: SegmentWriter;
  readonly #commits: GroupCommit<string, AuditReceipt>;
  readonly #checkpointer: Checkpointer | undefined;
  readonly #housekeeper: Housekeeper;
  readonly #sinks: readonly SinkQueue[];
  readonly #witnesses: readonly SinkQueue[];
  #key: AuditKey | undefined;
  #lastMs: number;
  #error: unknown;
  #lost = 0;
  #refused = 0;
  /** Of the two above, how many an entry in the log tells of. */
  #told = 0;
  #closing: Promise<void> | undefined;

  constructor(options: DiskAuditLogOptions) {
    const { directory, origin, files, clock, logger, settings, recovered } = options;
    this.#options = options;
    this.directory = directory;
    this.origin = origin;
    this.#key = options.key;
    this.#lastMs = recovered.lastAt ?? 0;
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
    });
    const closed = () => this.#housekeeper.start();
    const writerOptions = { directory, origin, files, clock, rotation: settings, closed };
    this.#writer = new SegmentWriter(writerOptions, recovered.state, recovered.active);
    this.#commits = new GroupCommit({
      commit: async (bodies) => await this.#commit(bodies),
      failed: (error) => this.#fail(error),
    });
    this.#checkpointer = this.#createCheckpointer(options);
  }

  get state(): AuditState {
    const checkpoint = this.#checkpointer?.last;
    const isReady = this.#error === undefined;
    return {
      status: this.#closing !== undefined ? "closed" : isReady ? "ready" : "unavailable",
      size: this.#writer.size,
      lost: this.#lost,
      refused: this.#refused,
      ...(isReady ? {} : { error: this.#error }),
      ...(checkpoint === undefined ? {} : { checkpoint }),
      sinks: [...this.#sinks, ...this.#witnesses].map((sink) => sink.state),
    };
  }

  /** Says in the log that it was opened and what was repaired. */
  async start(): Promise<void> {
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
    this.#housekeeper.start();
  }

  async append(draft: AuditDraft, options: AppendOptions = {}): Promise<AuditReceipt> {
    if (this.#closing !== undefined) throw new AuditClosedError(this.directory);
    options.signal?.throwIfAborted();
    return await this.#append(draft, options.whenUnavailable);
  }

  async checkpoint(): Promise<string | undefined> {
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
    await this.#commits.exclusive(async () => await this.#writer.rotate());
  }

  async tidy(): Promise<readonly Removal[]> {
    return await this.#housekeeper.run();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await (this.#closing ??= this.#close());
  }

  async #append(draft: AuditDraft, whenUnavailable?: "refuse" | "continue"): Promise<AuditReceipt> {
    const body = this.#compose(draft);
    try {
      return await this.#commits.add(body);
    } catch (error) {
      const policy = whenUnavailable ?? this.#options.settings.whenUnavailable;
      if (policy === "refuse") {
        this.#refused += 1;
        throw new AuditUnavailableError(this.directory, error);
      }
      this.#lost += 1;
      this.#send(this.#sinks, () => [entryMessage(body, undefined)]);
      return { isDurable: false, error };
    }
  }

  #compose(draft: AuditDraft): string {
    const { clock, settings } = this.#options;
    const nowMs = clock.now();
    const stamp = { nowMs, monotonicMs: clock.monotonic() };
    const options = { digest: this.#key?.digest, maxArgumentsBytes: settings.maxArgumentsBytes };
    const body = composeRecord(draft, stamp, options);
    if (nowMs < this.#lastMs) this.#noteClock(stamp);
    this.#lastMs = nowMs;
    return body;
  }

  #noteClock(stamp: Stamp): void {
    const from = new Date(this.#lastMs).toISOString();
    const details = { from, byMs: this.#lastMs - stamp.nowMs };
    this.#options.logger.warn("The clock went backwards.", details);
    this.#note("clock-went-backwards", details, stamp);
  }

  #note(event: AuditEventName, details: JsonObject, stamp: Stamp): void {
    this.#commits.post(this.#event(event, details, stamp));
  }

  #event(event: AuditEventName, details: JsonObject, stamp: Stamp): string {
    const options = { digest: undefined, maxArgumentsBytes: 0 };
    return composeRecord({ kind: "event", event, details }, stamp, options);
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
    this.#send(this.#sinks, () => bodies.map((body, at) => entryMessage(body, first + at)));
    const from = first + notices.length;
    return waiting.map((_body, at) => ({ isDurable: true, seq: from + at }));
  }

  /** What the log has to say of itself before it goes on. */
  #notices(): readonly string[] {
    if (this.#lost + this.#refused === this.#told) return [];
    const { clock } = this.#options;
    const stamp = { nowMs: clock.now(), monotonicMs: clock.monotonic() };
    return [this.#event("entries-lost", { lost: this.#lost, refused: this.#refused }, stamp)];
  }

  #recover(): void {
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

  #send(queues: readonly SinkQueue[], makeMessages: () => readonly AuditMessage[]): void {
    if (queues.length === 0) return;
    const messages = makeMessages();
    for (const queue of queues) queue.push(messages);
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
        this.#send(this.#witnesses, () => [checkpointMessage(at, size, note)]);
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
    await this.#commits.drain();
    await this.#signLast();
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
