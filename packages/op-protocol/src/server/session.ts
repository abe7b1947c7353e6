import { isJsonObject, type JsonObject } from "op-core";
import type { ClientLabel, ClientLogLevel, ClientSession } from "op-tools";
import { invalidParams } from "../json-rpc/json-rpc-error.ts";
import { parseClientLabel } from "../revisions/envelope.ts";
import { negotiateRevision, type LegacyRevision } from "../revisions/revision.ts";
import type { LegacySession, RequestClient } from "./exchange.ts";
import type { ResourceSubscriptions } from "./resource-subscriptions.ts";

/** What a session has of the connection that serves it. */
export interface SessionParts {
  readonly requestClient: RequestClient;
  readonly subscriptions: ResourceSubscriptions;
  readonly told: ClientSession;
}

/** Everything a session of the handshake era consists of. Plain JSON, so that another process can go on with it. */
export interface SessionState {
  readonly revision: LegacyRevision;
  readonly client?: ClientLabel;
  readonly capabilities: JsonObject;
  readonly logLevel: ClientLogLevel;
  readonly subscriptions: readonly string[];
  /** Whether the client said that it is ready to be told things. */
  readonly isInitialized: boolean;
}

/** A session while a connection serves it. */
export class Session implements LegacySession {
  readonly revision: LegacyRevision;
  readonly client: ClientLabel | undefined;
  readonly capabilities: JsonObject;
  readonly requestClient: RequestClient;
  readonly subscriptions: ResourceSubscriptions;
  readonly told: ClientSession;
  logLevel: ClientLogLevel;
  isInitialized: boolean;

  constructor(state: SessionState, { requestClient, subscriptions, told }: SessionParts) {
    this.revision = state.revision;
    this.client = state.client;
    this.capabilities = state.capabilities;
    this.subscriptions = subscriptions;
    this.told = told;
    this.logLevel = state.logLevel;
    this.isInitialized = state.isInitialized;
    this.requestClient = requestClient;
  }

  get state(): SessionState {
    const { revision, client, capabilities, logLevel, subscriptions, isInitialized } = this;
    return {
      revision,
      capabilities,
      logLevel,
      subscriptions: subscriptions.uris,
      isInitialized,
      ...(client === undefined ? {} : { client }),
    };
  }
}

/** The state a handshake begins with; parameters that are none throw the error the client must get. */
export function parseInitialize(params: JsonObject): SessionState {
  const { protocolVersion, capabilities, clientInfo } = params;
  if (typeof protocolVersion !== "string" || !isJsonObject(capabilities)) {
    throw invalidParams("initialize needs protocolVersion, a string, and capabilities, an object.");
  }
  const client = parseClientLabel(clientInfo);
  return {
    revision: negotiateRevision(protocolVersion),
    capabilities,
    logLevel: "info",
    subscriptions: [],
    isInitialized: false,
    ...(client === undefined ? {} : { client }),
  };
}
