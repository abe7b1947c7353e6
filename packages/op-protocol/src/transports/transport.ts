import type { Principal } from "op-tools";
import type { RequestId, RpcMessage } from "../json-rpc/json-rpc-message.ts";

/** Why bytes that arrived are not a message. */
export interface Malformed {
  readonly kind: "not-json" | "not-utf-8" | "too-large";
  readonly detail: string;
}

/** What a transport tells whoever uses it. Nothing is told after `closed`, which is told exactly once. */
export interface TransportReceiver {
  /** A parsed JSON value, not yet checked, and who sent it where the transport authenticates every message. */
  message(value: unknown, principal?: Principal): void;
  malformed(problem: Malformed): void;
  /** The other side sends nothing more but may still read, as at the end of a process's stdin. */
  ended?(): void;
  /** The other side left, or the transport failed with `reason`. */
  closed(reason?: Error): void;
}

/**
 * Carries JSON values both ways, in order. Made unstarted, so that nothing is lost before the receiver is known.
 * Disposing flushes what was sent, as far as the other side still reads, and then closes.
 */
export interface Transport extends AsyncDisposable {
  /** Begins delivering; called once. */
  start(receiver: TransportReceiver): void;
  /**
   * Queues a message. After the transport closed it does nothing: nobody is there to read it. `about` names the other
   * side's request the message belongs to, for transports with a channel for each.
   */
  send(message: RpcMessage, about?: RequestId): void;
}
