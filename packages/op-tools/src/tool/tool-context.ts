import type { JsonObject, JsonValue, Logger, Span } from "op-core";
import type { ToolFilter } from "../disclosure/tool-filter.ts";
import type { Ask } from "./ask.ts";

/** Who calls. The id says how it is known, for example `unix:uid=1000` or `oauth:sub=alice`. */
export interface Principal {
  readonly id: string;
  readonly scopes: readonly string[];
  /** The groups of a local user, by number. */
  readonly groups?: readonly number[];
}

/** The client behind a call. What it says of itself is a label, never a proof. */
export interface ClientLabel {
  readonly name: string;
  readonly version: string;
}

/** How far a call has come. */
export interface ProgressUpdate {
  /** Grows with every update. */
  readonly progress: number;
  readonly total?: number;
  readonly message?: string;
}

/** Levels of MCP's log messages, from syslog. */
export type ClientLogLevel =
  | "debug"
  | "info"
  | "notice"
  | "warning"
  | "error"
  | "critical"
  | "alert"
  | "emergency";

/** A client's session, for who has something to tell it that belongs to no call. */
export interface ClientSession {
  /** Sends a notification; does nothing when the session is over. */
  notify(method: string, params: JsonObject): void;
  /** Resolves when it is over; never rejects. */
  readonly ended: Promise<unknown>;
}

/** What surrounds one call. */
export interface ToolContext {
  /** Aborts when the client cancels, the deadline passes or the server leaves. */
  readonly signal: AbortSignal;
  /** Names this call in logs, errors and the audit log. */
  readonly requestId: string;
  readonly principal: Principal;
  /** The connection or session the call came by, as an opaque id. */
  readonly sessionId: string;
  readonly client?: ClientLabel;
  /** By what kind of transport the call came, such as `http`: one of a few names, whatever clients send. */
  readonly transport?: string;
  /** The work the call is a part of, where it is traced; what takes time inside it begins a child. */
  readonly span?: Span;
  readonly logger: Logger;
  readonly ask: Ask;
  /** Tells the client how far the call has come; does nothing when the client did not ask for it. */
  readonly reportProgress: (update: ProgressUpdate) => void;
  /**
   * Sends a log message to the client, by default under this product's name, or under none; does nothing below the level
   * it asked for. Others are fields that the message has besides.
   */
  readonly logToClient: (
    level: ClientLogLevel,
    data: JsonValue,
    logger?: string | null,
    others?: JsonObject,
  ) => void;
  /** The least urgent level of log messages that the client wants; without one it wants none. */
  readonly clientLogLevel?: ClientLogLevel;
  /** Sends a notification of any method to the client, as a part of this call; does nothing when it is over. */
  readonly notifyClient?: ((method: string, params: JsonObject) => void) | undefined;
  /** The session that the call came by, where the client has one that outlasts it. */
  readonly session?: ClientSession | undefined;
  /** The request's `_meta`, for trace ids and vendor fields. */
  readonly meta: JsonObject;
  /** The only tools this call may find or call in turn; absent means every tool. */
  readonly narrowedTo?: ToolFilter;
  /** The tool the client named, where that tool passed the call on to this one. */
  readonly via?: string;
}
