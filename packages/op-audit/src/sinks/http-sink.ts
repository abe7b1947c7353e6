import { AuditSinkError } from "../audit-error.ts";
import { messageLine } from "./audit-message.ts";
import type { AuditSink } from "./audit-sink.ts";

/** Where messages are posted. */
export interface HttpSinkOptions {
  readonly url: string | URL;
  /** Sent with each request, for example `authorization`. Never logged. */
  readonly headers?: Readonly<Record<string, string>>;
  /** How long a request may take; ten seconds unless told. */
  readonly timeoutMs?: number;
}

/** Makes a sink that posts messages as JSON Lines (`application/x-ndjson`). Every answer but 2xx is a failure. */
export function createHttpSink(options: HttpSinkOptions): AuditSink {
  const url = new URL(options.url);
  const { headers = {}, timeoutMs = 10_000 } = options;
  const name = `http ${url.host}${url.pathname}`;
  return {
    name,
    write: async (messages, { signal } = {}) => {
      signal?.throwIfAborted();
      const limit = AbortSignal.timeout(timeoutMs);
      try {
        const response = await fetch(url, {
          method: "POST",
          headers: { ...headers, "content-type": "application/x-ndjson" },
          body: messages.map((message) => `${messageLine(message)}\n`).join(""),
          redirect: "error",
          signal: signal === undefined ? limit : AbortSignal.any([limit, signal]),
        });
        await response.body?.cancel();
        if (!response.ok) throw new AuditSinkError(name, `it answered ${response.status}.`);
      } catch (error) {
        signal?.throwIfAborted();
        throw error instanceof AuditSinkError ? error : new AuditSinkError(name, error);
      }
    },
    [Symbol.asyncDispose]: async () => undefined,
  };
}
