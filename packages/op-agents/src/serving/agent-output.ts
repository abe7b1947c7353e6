import type { Writable } from "node:stream";
import { bodyBytes, encodeFrame } from "../ipc/frame.ts";
import type { AgentMessage } from "../ipc/message.ts";

/** The way from an agent to its host. */
export interface AgentOutput {
  /** Aborts when the host reads no more. */
  readonly gone: AbortSignal;
  /** Sends no message that is larger; a result that is becomes an error. */
  limit(messageBytes: number): void;
  send(message: AgentMessage): void;
  /** Resolves when the host has taken what was sent, or is gone. */
  drained(): Promise<void>;
}

/** Writes messages to a stream. */
export function createAgentOutput(stream: Writable): AgentOutput {
  const gone = new AbortController();
  let maxBytes = Number.MAX_SAFE_INTEGER;
  // A host that is gone reads nothing: what is written to it is lost, and the work is stopped.
  stream.on("error", () => gone.abort());

  const send = (message: AgentMessage) => {
    const frame = encodeFrame(message);
    if (bodyBytes(frame) <= maxBytes) stream.write(frame);
    else if (message.type === "result") send(tooLarge(message.id, bodyBytes(frame)));
  };
  return {
    gone: gone.signal,
    limit: (messageBytes) => {
      maxBytes = messageBytes;
    },
    send,
    drained: async () => {
      if (!stream.writableNeedDrain || gone.signal.aborted) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      const done = () => resolve();
      stream.once("drain", done);
      gone.signal.addEventListener("abort", done, { once: true });
      await promise;
      gone.signal.removeEventListener("abort", done);
    },
  };
}

function tooLarge(id: number, bytes: number): AgentMessage {
  return {
    type: "error",
    id,
    error: {
      code: "ERR_RESULT_TOO_LARGE",
      message: `The result of ${bytes} bytes is larger than the host takes.`,
      advice: "Ask for less.",
    },
  };
}
