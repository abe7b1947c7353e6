import { formatError, silentLogger, systemClock, type Clock, type Logger } from "op-core";
import type { AuditConfig } from "../audit-config.ts";
import { AuditClosedError, AuditUnavailableError } from "../audit-error.ts";
import type { AuditDraft } from "../entry/audit-draft.ts";
import type { AuditEntry } from "../entry/audit-entry.ts";
import { parseEntry } from "../entry/parse-entry.ts";
import type {
  AppendOptions,
  AuditLog,
  AuditReceipt,
  AuditState,
  EnqueueOptions,
} from "./audit-log.ts";
import { EntryQueue, type EntryQueueSettings } from "./entry-queue.ts";
import { defaultSettings } from "./default-settings.ts";

/** A log that is gone with its process. */
export interface MemoryAuditLog extends AuditLog {
  /** The newest entries, oldest first. */
  readonly entries: readonly AuditEntry[];
}

/** What a log in memory takes; what is left out is as {@link AuditConfig} says. */
export interface MemoryAuditLogOptions extends Partial<
  EntryQueueSettings & Pick<AuditConfig, "whenUnavailable">
> {
  readonly clock?: Clock;
  readonly logger?: Logger;
  /** Beyond this it forgets the oldest; 10,000 unless told. */
  readonly maxEntries?: number;
}

/** Makes a log in memory, for tests and development. Entries are made as on the disk; nothing of it is durable. */
export function createMemoryAuditLog(options: MemoryAuditLogOptions = {}): MemoryAuditLog {
  return new ProcessAuditLog(options);
}

class ProcessAuditLog implements MemoryAuditLog {
  readonly entries: AuditEntry[] = [];
  readonly #queue: EntryQueue;
  readonly #logger: Logger;
  readonly #maxEntries: number;
  readonly #whenUnavailable: "refuse" | "continue";
  #size = 0;
  #lost = 0;
  #refused = 0;
  #isClosed = false;

  constructor(options: MemoryAuditLogOptions) {
    const { clock = systemClock, logger = silentLogger, maxEntries = 10_000 } = options;
    const settings = { ...defaultSettings, ...options };
    this.#logger = logger;
    this.#maxEntries = maxEntries;
    this.#whenUnavailable = settings.whenUnavailable;
    this.#queue = new EntryQueue({
      clock,
      logger,
      settings,
      digest: () => undefined,
      commit: async (bodies) => bodies.map((body) => this.#keep(body)),
      failed: () => undefined,
      spoiled: () => {
        this.#lost += 1;
      },
    });
  }

  get state(): AuditState {
    return {
      status: this.#isClosed ? "closed" : this.#queue.isFull ? "unavailable" : "ready",
      size: this.#size,
      queued: this.#queue.deferred,
      lost: this.#lost,
      refused: this.#refused,
      sinks: [],
    };
  }

  async append(draft: AuditDraft, { signal }: AppendOptions = {}): Promise<AuditReceipt> {
    if (this.#isClosed) throw new AuditClosedError("memory");
    signal?.throwIfAborted();
    return await this.#queue.add(this.#queue.compose(draft));
  }

  enqueue(draft: AuditDraft, { whenUnavailable }: EnqueueOptions = {}): void {
    if (this.#isClosed) throw new AuditClosedError("memory");
    if (!this.#queue.isFull) {
      this.#queue.defer(draft);
    } else if ((whenUnavailable ?? this.#whenUnavailable) === "continue") {
      this.#lost += 1;
    } else {
      this.#refused += 1;
      throw new AuditUnavailableError("memory", `${this.#queue.deferred} entries wait already.`);
    }
  }

  async flush(): Promise<void> {
    await this.#queue.flush();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    await this.#queue.close();
  }

  #keep(body: string): AuditReceipt {
    try {
      this.entries.push(parseEntry(this.#size, body));
    } catch (error) {
      this.#lost += 1;
      this.#logger.error("An audit entry cannot be kept.", { error: formatError(error) });
      return { isDurable: false, error };
    }
    this.#size += 1;
    if (this.entries.length > this.#maxEntries) this.entries.shift();
    return { isDurable: true, seq: this.#size - 1 };
  }
}
