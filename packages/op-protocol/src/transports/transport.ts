import type { TraceContext } from "op-core";
import type { Principal } from "op-tools";
import type { RequestId, RpcMessage } from "../json-rpc/json-rpc-message.ts";

/** Why bytes that arrived are not a message. */
export interface Malformed {
  readonly kind: "not-json" | "not-utf-8" | "too-deep" | "too-large";
  readonly detail: string;
}

/** Who sent a message and what came with it, where a transport knows that of every message. */
export interface Sender {
  readonly principal: Principal;
  /** The trace the message says it is part of, outside of its own `_meta`. */
  readonly trace?: TraceContext | undefined;
  /** Turns the message away by the transport's own means instead of an answer; whether it can and does. */
  readonly refuse?: ((error: unknown) => boolean) | undefined;
}

/** What a transport tells whoever uses it. Nothing is told after `closed`, which is told exactly once. */
export interface TransportReceiver {
  /** A parsed JSON value, not yet checked, and its sender where the transport authenticates every message. */
  message(value: unknown, sender?: Sender): void;
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
  /** What kind of transport it is, such as `stdio`, for whoever counts calls by it. */
  readonly kind: string;
  /** Begins delivering; called once. */
  start(receiver: TransportReceiver): void;
  /**
   * Queues a message. After the transport closed it does nothing: nobody is there to read it. `about` names the other
   * side's request the message belongs to, for transports with a channel for each.
   */
  send(message: RpcMessage, about?: RequestId): void;
}
