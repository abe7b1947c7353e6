import type { AuditSink } from "./audit-sink.ts";
import { SinkQueue, type SinkQueueOptions, type SinkState } from "./sink-queue.ts";

/** A sink that passes everything on to others. */
export interface FanOutSink extends AuditSink {
  readonly states: readonly SinkState[];
}

/**
 * Makes one sink of many. Writing resolves when all have it in their queues: each gets everything in its own time, and
 * one that fails holds up none of the others. Closing it closes them.
 */
export function createFanOutSink(
  sinks: readonly AuditSink[],
  options: SinkQueueOptions,
): FanOutSink {
  const queues = sinks.map((sink) => new SinkQueue(sink, options));
  return {
    name: "fan-out",
    get states() {
      return queues.map(({ state }) => state);
    },
    write: async (messages, { signal } = {}) => {
      signal?.throwIfAborted();
      for (const queue of queues) queue.push(messages);
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all(queues.map(async (queue) => await queue[Symbol.asyncDispose]()));
    },
  };
}
