import type { JsonObject, Logger } from "op-core";
import type { RequestId, RpcMessage } from "../json-rpc/json-rpc-message.ts";
import type { Malformed, Transport } from "../transports/transport.ts";
import { UpstreamClosedError, UpstreamMessageError } from "./upstream-error.ts";

/** What a client's transport tells. Nothing is told after `closed`, which is told exactly once. */
export interface ClientReceiver {
  /** A parsed JSON value, not yet checked; `about` names our request whose own channel it came by. */
  message(value: unknown, about?: RequestId): void;
  /** One request of ours gets no answer any more; the others are not concerned. */
  failed(id: RequestId, error: Error): void;
  /** The other side left, or the transport failed. */
  closed(reason: Error): void;
}

/** What a transport may need to know of a message besides the message. */
export interface SendHints {
  /** What the called tool takes: HTTP repeats some arguments in headers. */
  readonly inputSchema?: JsonObject;
}

/** Carries a client's messages. Made unstarted, so that nothing is lost before the receiver is known. */
export interface ClientTransport extends AsyncDisposable {
  /** Whether the server may forget the session and fail a request for that; not unless told. */
  readonly mayLoseSession?: boolean;
  start(receiver: ClientReceiver): void;
  send(message: RpcMessage, hints?: SendHints): void;
}

/** What connecting takes. */
export interface ConnectTransportOptions {
  readonly signal: AbortSignal;
  /** Told each line that the server writes for people, clean enough to be shown. */
  readonly onWords?: (line: string) => void;
}

/** Connects to a server, for the first time or again. Rejects and leaves nothing behind where that fails. */
export type ConnectTransport = (options: ConnectTransportOptions) => Promise<ClientTransport>;

/** A message that was not read to its end: nobody can tell whose answer it was. */
const isUnread = (kind: Malformed["kind"]): boolean => kind === "too-large" || kind === "too-deep";

/**
 * Lets a client speak over a transport with one channel for everything. A message beyond the limits of size and depth
 * ends the connection.
 */
export function toClientTransport(transport: Transport, logger: Logger): ClientTransport {
  let isClosed = false;
  return {
    start: (receiver) => {
      const close = (reason: Error): void => {
        if (isClosed) return;
        isClosed = true;
        receiver.closed(reason);
      };
      transport.start({
        message: (value) => {
          if (!isClosed) receiver.message(value);
        },
        malformed: ({ kind, detail }) => {
          if (isUnread(kind)) close(new UpstreamMessageError(detail));
          else logger.debug("what an upstream wrote is no message and was skipped", { detail });
        },
        ended: () => close(new UpstreamClosedError("it closed its output")),
        closed: (reason) =>
          close(reason ?? new UpstreamClosedError("the other side closed the connection")),
      });
    },
    send: (message) => transport.send(message),
    [Symbol.asyncDispose]: async () => {
      isClosed = true;
      await transport[Symbol.asyncDispose]();
    },
  };
}
