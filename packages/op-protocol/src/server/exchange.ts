import type { JsonObject, Span } from "op-core";
import type { ClientLabel, ClientLogLevel, ClientSession } from "op-tools";
import type { RequestId } from "../json-rpc/json-rpc-message.ts";
import type { Sender } from "../transports/transport.ts";
import type { LegacyRevision, ModernRevision } from "../revisions/revision.ts";
import type { ResourceSubscriptions } from "./resource-subscriptions.ts";

/** A request to the client. */
export interface ClientQuestion {
  readonly method: string;
  readonly params: object;
  /** The client's own request it is asked for; a transport with a channel for each sends it there. */
  readonly about: RequestId;
  readonly signal: AbortSignal;
}

/** Sends a request to the client and resolves to its result. */
export type RequestClient = (question: ClientQuestion) => Promise<JsonObject>;

/** What a client of the handshake era can be asked and told besides answers; it lives as long as its session. */
export interface LegacySession {
  readonly revision: LegacyRevision;
  readonly requestClient: RequestClient;
  /** Tells the client what belongs to no request. */
  readonly told: ClientSession;
  logLevel: ClientLogLevel;
  readonly subscriptions: ResourceSubscriptions;
}

/** Which of the two protocol eras a request belongs to, and what only that era has. */
export type Speech =
  | { readonly era: "legacy"; readonly session: LegacySession }
  | { readonly era: "modern"; readonly revision: ModernRevision };

/** One request while it is being answered. */
export interface Exchange extends Sender {
  readonly id: RequestId;
  readonly method: string;
  readonly params: JsonObject;
  readonly meta: JsonObject;
  readonly speech: Speech;
  readonly sessionId: string;
  /** The kind of transport it came by. */
  readonly transport: string;
  /** The answering, where it is traced. */
  readonly span?: Span;
  readonly client: ClientLabel | undefined;
  readonly capabilities: JsonObject;
  /** The least urgent log level the client wants, or none. */
  readonly logLevel: ClientLogLevel | undefined;
  /** Aborts when the client cancels or leaves. */
  readonly signal: AbortSignal;
  /** Aborts when the server leaves: what stays open then ends with an answer. */
  readonly leaving: AbortSignal;
  /** Sends a notification that belongs to this request. */
  readonly notify: (method: string, params: object) => void;
}
