import { AuditSinkError } from "../audit-error.ts";
import { messageLine, severityOf } from "./audit-message.ts";
import type { AuditSink } from "./audit-sink.ts";
import { createStreamConnection } from "./stream-connection.ts";

/** How the journal is reached. */
export interface JournaldSinkOptions {
  /** The journal's stream socket; `/run/systemd/journal/stdout` unless told. */
  readonly socketPath?: string;
  /** What the journal calls the sender; `op-audit` unless told. */
  readonly identifier?: string;
}

/**
 * Makes a sink that writes to journald, one JSON document a message, with a priority. It uses the journal's stream
 * socket, because Node cannot send the datagrams of the other one; the journal adds who sent it all the same.
 */
export function createJournaldSink(options: JournaldSinkOptions = {}): AuditSink {
  const { socketPath = "/run/systemd/journal/stdout", identifier = "op-audit" } = options;
  const name = `journald ${socketPath}`;
  const connection = createStreamConnection({ path: socketPath }, greeting(identifier));
  return {
    name,
    write: async (messages, { signal } = {}) => {
      signal?.throwIfAborted();
      const lines = messages.map((message) => `<${severityOf(message)}>${messageLine(message)}\n`);
      try {
        await connection.write(lines.join(""), signal);
      } catch (error) {
        signal?.throwIfAborted();
        throw new AuditSinkError(name, error);
      }
    },
    [Symbol.asyncDispose]: async () => await connection[Symbol.asyncDispose](),
  };
}

/**
 * The header of the journal's stream protocol, as `sd_journal_stream_fd` sends it: identifier, unit, priority, whether
 * lines begin with a priority, and whether to forward to syslog, the kernel's log and the console.
 */
function greeting(identifier: string): string {
  return `${identifier.replaceAll("\n", " ")}\n\n6\n1\n0\n0\n0\n`;
}
