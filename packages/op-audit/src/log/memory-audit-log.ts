import { systemClock, type Clock } from "op-core";
import { AuditClosedError } from "../audit-error.ts";
import type { AuditEntry } from "../entry/audit-entry.ts";
import { composeRecord } from "../entry/compose-record.ts";
import { parseEntry } from "../entry/parse-entry.ts";
import type { AuditLog } from "./audit-log.ts";

/** A log that is gone with its process. */
export interface MemoryAuditLog extends AuditLog {
  /** The newest entries, oldest first. */
  readonly entries: readonly AuditEntry[];
}

/** What a log in memory takes. */
export interface MemoryAuditLogOptions {
  readonly clock?: Clock;
  /** Beyond this it forgets the oldest; 10,000 unless told. */
  readonly maxEntries?: number;
  /** Longer arguments are left out; 65,536 unless told. */
  readonly maxArgumentsBytes?: number;
}

/** Makes a log in memory, for tests and development. Entries are made as on the disk; nothing of it is durable. */
export function createMemoryAuditLog(options: MemoryAuditLogOptions = {}): MemoryAuditLog {
  const { clock = systemClock, maxEntries = 10_000, maxArgumentsBytes = 65_536 } = options;
  const entries: AuditEntry[] = [];
  let size = 0;
  let isClosed = false;
  return {
    entries,
    get state() {
      const status = isClosed ? ("closed" as const) : ("ready" as const);
      return { status, size, lost: 0, refused: 0, sinks: [] };
    },
    append: async (draft, { signal } = {}) => {
      if (isClosed) throw new AuditClosedError("memory");
      signal?.throwIfAborted();
      const stamp = { nowMs: clock.now(), monotonicMs: clock.monotonic() };
      const body = composeRecord(draft, stamp, { digest: undefined, maxArgumentsBytes });
      entries.push(parseEntry(size, body));
      size += 1;
      if (entries.length > maxEntries) entries.shift();
      return { isDurable: true, seq: size - 1 };
    },
    [Symbol.asyncDispose]: async () => {
      isClosed = true;
    },
  };
}
