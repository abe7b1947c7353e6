import { isOpError, type Clock, type JsonObject, type Logger } from "op-core";
import type { AuditDraft, AuditLog } from "op-audit";
import type { AuditPlaces } from "./audit-places.ts";
import type { AuditSettings } from "./audit-settings.ts";

/** Whether a call is refused when its entry cannot be written. */
export type WhenUnavailable = "refuse" | "continue";

/** Where everything that happens is written. */
export interface Audit extends AsyncDisposable {
  /** Takes an entry for which nobody waits. Throws `ERR_AUDIT_UNAVAILABLE` where the call is to be refused. */
  note(draft: AuditDraft, whenUnavailable: WhenUnavailable): void;
  /** Resolves when the entry is on the disk. Rejects with `ERR_AUDIT_UNAVAILABLE` where the call is to be refused. */
  write(draft: AuditDraft, whenUnavailable: WhenUnavailable): Promise<void>;
  /** Resolves when the log is open; rejects with the reason why it cannot be. */
  open(): Promise<void>;
  /** Writes what was noted, as far as it can be written now. */
  flush(): Promise<void>;
  /** Plain data about the log. */
  status(): JsonObject;
}

/** What the audit takes. */
export interface AuditOptions {
  readonly settings: AuditSettings;
  readonly places: AuditPlaces;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** After a failure the log is opened again by the first entry after this time. */
const retryMs = 1000;

/** More entries than these are not kept while the log is being opened. */
const mostWaiting = 10_000;

class LazyAudit implements Audit {
  readonly #options: AuditOptions;
  #log: AuditLog | undefined;
  #opening: Promise<AuditLog> | undefined;
  #failure: { readonly error: unknown; readonly at: number } | undefined;
  /** Noted while the log was being opened, oldest first. */
  #waiting: AuditDraft[] = [];
  #lost = 0;

  constructor(options: AuditOptions) {
    this.#options = options;
  }

  note(draft: AuditDraft, whenUnavailable: WhenUnavailable): void {
    if (this.#log !== undefined) {
      this.#log.enqueue(draft, { whenUnavailable });
      return;
    }
    if (this.#failure !== undefined && whenUnavailable === "refuse") throw this.#failure.error;
    if (this.#waiting.length < mostWaiting) this.#waiting.push(draft);
    else this.#lost += 1;
    // Told in the log when it happened.
    this.open().catch(() => undefined);
  }

  async write(draft: AuditDraft, whenUnavailable: WhenUnavailable): Promise<void> {
    try {
      const log = this.#log ?? (await this.#opened());
      await log.append(draft, { whenUnavailable });
    } catch (error) {
      if (whenUnavailable === "refuse" || this.#log !== undefined) throw error;
      this.#lost += 1;
    }
  }

  async open(): Promise<void> {
    await this.#opened();
  }

  async flush(): Promise<void> {
    if (this.#waiting.length > 0) await this.open();
    await this.#log?.flush();
  }

  status(): JsonObject {
    const { isPersistent } = this.#options.settings;
    const where = isPersistent ? this.#options.places.root : "memory";
    if (this.#log === undefined) {
      const status = this.#failure === undefined ? "not opened yet" : "unavailable";
      return { where, status, lost: this.#lost };
    }
    const { status, size, queued, lost, refused } = this.#log.state;
    return { where, status, size, queued, refused, lost: lost + this.#lost };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#waiting.length > 0) await this.open().catch(() => undefined);
    await this.#opening?.catch(() => undefined);
    await this.#log?.[Symbol.asyncDispose]();
  }

  /** Opens the log once; what failed is tried again after a while. */
  async #opened(): Promise<AuditLog> {
    const { clock } = this.#options;
    if (this.#failure !== undefined && clock.monotonic() - this.#failure.at < retryMs) {
      throw this.#failure.error;
    }
    this.#opening ??= this.#openNow();
    return await this.#opening;
  }

  async #openNow(): Promise<AuditLog> {
    const { clock, logger } = this.#options;
    try {
      // Its code is not needed before the first entry.
      const { openLog } = await import("./open-log.ts");
      const log = await openLog(this.#options);
      for (const draft of this.#waiting.splice(0))
        log.enqueue(draft, { whenUnavailable: "continue" });
      this.#log = log;
      this.#failure = undefined;
      return log;
    } catch (error) {
      this.#opening = undefined;
      this.#failure = { error, at: clock.monotonic() };
      const advice = isOpError(error) ? error.advice : undefined;
      logger.error("the audit log cannot be opened", { error, advice });
      throw error;
    }
  }
}

/** Makes the audit. The log is opened by its first entry, so that a start does not wait for the disk. */
export function createAudit(options: AuditOptions): Audit {
  return new LazyAudit(options);
}
