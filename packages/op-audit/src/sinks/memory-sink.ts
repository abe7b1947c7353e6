import type { AuditMessage, AuditSink } from "./audit-sink.ts";

/** A sink that remembers what it got. */
export interface MemorySink extends AuditSink {
  /** The newest messages, oldest first. */
  readonly messages: readonly AuditMessage[];
}

/** Makes a sink for tests and development. Beyond `maxMessages` (10,000 unless told) it forgets the oldest. */
export function createMemorySink(options: { readonly maxMessages?: number } = {}): MemorySink {
  const { maxMessages = 10_000 } = options;
  const messages: AuditMessage[] = [];
  return {
    name: "memory",
    messages,
    write: async (added, { signal } = {}) => {
      signal?.throwIfAborted();
      messages.push(...added);
      messages.splice(0, Math.max(0, messages.length - maxMessages));
    },
    [Symbol.asyncDispose]: async () => undefined,
  };
}
