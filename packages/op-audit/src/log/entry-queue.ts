import { formatError, type Clock, type JsonObject, type Logger } from "op-core";
import type { AuditConfig } from "../audit-config.ts";
import type { AuditDraft } from "../entry/audit-draft.ts";
import type { AuditEventName } from "../entry/audit-entry.ts";
import { composeRecord, type Stamp } from "../entry/compose-record.ts";
import type { Digest } from "../redaction/digest.ts";
import type { AuditReceipt } from "./audit-log.ts";
import { GroupCommit } from "./group-commit.ts";

/** How entries wait. */
export type EntryQueueSettings = Pick<
  AuditConfig,
  "flushIntervalMs" | "flushEntries" | "maxQueuedEntries" | "maxArgumentsBytes"
>;

/** What a queue needs. */
export interface EntryQueueOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly settings: EntryQueueSettings;
  /** When the last entry was written, as far as it is known. */
  readonly lastMs?: number;
  /** The digest of the log's key, if it has one now. */
  readonly digest: () => Digest | undefined;
  /** Makes all of them durable, or none. */
  readonly commit: (bodies: readonly string[]) => Promise<readonly AuditReceipt[]>;
  /** Called for each commit that failed, before those who wait hear of it. */
  readonly failed: (error: unknown) => void;
  /** Called for each draft that turned out to be no entry after its author had gone on. */
  readonly spoiled: () => void;
}

/** An entry whose canonical JSON is made when it is first asked for. */
class QueuedEntry {
  #made: string | (() => string);

  constructor(made: string | (() => string)) {
    this.#made = made;
  }

  get body(): string {
    // What it was made of is let go: it may be large, and the entry may have to wait.
    if (typeof this.#made !== "string") this.#made = this.#made();
    return this.#made;
  }
}

/** Stamps drafts as they come, makes entries of them, and commits them in order. */
export class EntryQueue {
  readonly #options: EntryQueueOptions;
  readonly #commits: GroupCommit<QueuedEntry, AuditReceipt>;
  #lastMs: number;

  constructor(options: EntryQueueOptions) {
    const { clock, settings, commit, failed } = options;
    this.#options = options;
    this.#lastMs = options.lastMs ?? 0;
    this.#commits = new GroupCommit({
      clock,
      flushIntervalMs: settings.flushIntervalMs,
      flushEntries: settings.flushEntries,
      commit: async (entries) => await commit(entries.map(({ body }) => body)),
      failed,
    });
  }

  /** How many entries wait for which nobody waits. */
  get deferred(): number {
    return this.#commits.deferred;
  }

  /** Whether no more can be deferred. */
  get isFull(): boolean {
    return this.deferred >= this.#options.settings.maxQueuedEntries;
  }

  /** Makes an entry of a draft that comes now. Throws `ERR_AUDIT_ENTRY` for what is not JSON. */
  compose(draft: AuditDraft): string {
    return this.#compose(draft, this.#stamp());
  }

  /** Makes an entry of something that the log has to say now. */
  composeEvent(event: AuditEventName, details: JsonObject): string {
    return composeEvent(event, details, this.#now());
  }

  /** Settles as the commit does that takes the entry. */
  async add(body: string): Promise<AuditReceipt> {
    return await this.#commits.add(new QueuedEntry(body));
  }

  /** Keeps a draft that comes now for one of the next commits, which makes the entry. */
  defer(draft: AuditDraft): void {
    const stamp = this.#stamp();
    this.#commits.defer(new QueuedEntry(() => this.#composeLate(draft, stamp)));
  }

  /** Commits what is deferred, and resolves when it was tried. */
  async flush(): Promise<void> {
    await this.#commits.flush();
  }

  /** Runs something while no commit runs, after everything that was added before. */
  async exclusive(work: () => Promise<void>): Promise<void> {
    await this.#commits.exclusive(work);
  }

  /** Commits whatever waits, stops, and returns the entries that could not be committed. */
  async close(): Promise<readonly string[]> {
    return (await this.#commits.close()).map(({ body }) => body);
  }

  #now(): Stamp {
    const { clock } = this.#options;
    return { nowMs: clock.now(), monotonicMs: clock.monotonic() };
  }

  #stamp(): Stamp {
    const stamp = this.#now();
    if (stamp.nowMs < this.#lastMs) this.#noteClock(stamp);
    this.#lastMs = stamp.nowMs;
    return stamp;
  }

  #noteClock(stamp: Stamp): void {
    const from = new Date(this.#lastMs).toISOString();
    const details = { from, byMs: this.#lastMs - stamp.nowMs };
    this.#options.logger.warn("The clock went backwards.", details);
    const body = composeEvent("clock-went-backwards", details, stamp);
    this.#commits.defer(new QueuedEntry(body));
  }

  #compose(draft: AuditDraft, stamp: Stamp): string {
    const { digest, settings } = this.#options;
    const { maxArgumentsBytes } = settings;
    return composeRecord(draft, stamp, { digest: digest(), maxArgumentsBytes });
  }

  /** Nobody is left to be told that the draft is no entry: the log and whoever reads it are. */
  #composeLate(draft: AuditDraft, stamp: Stamp): string {
    try {
      return this.#compose(draft, stamp);
    } catch (error) {
      const details = { lost: 1, refused: 0, reason: formatError(error), ...nameOf(draft) };
      this.#options.logger.error("An audit entry cannot be written.", details);
      this.#options.spoiled();
      return composeEvent("entries-lost", details, stamp);
    }
  }
}

function composeEvent(event: AuditEventName, details: JsonObject, stamp: Stamp): string {
  const options = { digest: undefined, maxArgumentsBytes: 0 };
  return composeRecord({ kind: "event", event, details }, stamp, options);
}

/** Which call it was, as far as the draft says so in words. */
function nameOf(draft: AuditDraft): JsonObject {
  const { kind, sessionId, requestId } = draft;
  const tool = kind === "event" ? undefined : draft.tool;
  const named = Object.entries({ kind, sessionId, requestId, tool });
  return Object.fromEntries(
    named.filter((pair): pair is [string, string] => typeof pair[1] === "string"),
  );
}
