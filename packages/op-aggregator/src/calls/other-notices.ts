import type { JsonObject, Logger } from "op-core";
import type { RpcNotification } from "op-protocol";
import type { UpstreamClient } from "op-protocol/client";
import type { ClientSession, ToolContext } from "op-tools";
import type { LogGates } from "../upstreams/log-gate.ts";
import type { ActiveCalls } from "./active-calls.ts";

/** What passing on takes. */
export interface OtherNoticesOptions {
  readonly active: ActiveCalls;
  readonly gates: LogGates;
  readonly logger: Logger;
}

type Caller = Pick<ToolContext, "sessionId" | "session">;

/**
 * Passes on, as it came, what an upstream tells that means nothing here: to the client whose request it belongs to, where
 * the upstream says so, and else to every client that uses the connection it came by.
 */
export class OtherNotices {
  readonly #options: OtherNoticesOptions;
  readonly #sessions = new WeakMap<UpstreamClient, Map<string, ClientSession>>();

  constructor(options: OtherNoticesOptions) {
    this.#options = options;
  }

  /** Has a session hear what is told on a connection, from its first request there until it is over. */
  join(client: UpstreamClient, { sessionId, session }: Caller): void {
    if (session === undefined) return;
    const known = this.#sessions.get(client);
    if (known?.has(sessionId) === true) return;
    const sessions = known ?? new Map<string, ClientSession>();
    this.#sessions.set(client, sessions);
    sessions.set(sessionId, session);
    void session.ended.then(() => sessions.delete(sessionId));
  }

  /** Passes on what belongs to one request. */
  passOn(
    { method, params = {} }: RpcNotification,
    client: UpstreamClient,
    { notifyClient }: Pick<ToolContext, "notifyClient">,
  ): void {
    this.#pass(client, () => notifyClient?.(method, params));
  }

  /** Passes on what belongs to no request; during a request it goes where the answer goes, which all clients read. */
  broadcast({ method, params = {} }: RpcNotification, client: UpstreamClient): void {
    this.#pass(client, () => {
      const told = new Set<string>();
      for (const { sessionId, notifyClient } of this.#options.active.on(client)) {
        if (!told.has(sessionId)) notifyClient?.(method, params);
        told.add(sessionId);
      }
      for (const [sessionId, session] of this.#sessions.get(client) ?? [])
        if (!told.has(sessionId)) session.notify(method, params);
    });
  }

  #pass(client: UpstreamClient, tell: () => void): void {
    const { gates, logger } = this.#options;
    const tellOrCount = (leftOut: JsonObject): void => {
      if (leftOut === notice) tell();
      else logger.warn("an upstream tells its clients too much", leftOut);
    };
    gates.of(client).pass(notice, tellOrCount);
  }
}

/** What the gate is asked about; what it says of those that were left out is another. */
const notice: JsonObject = {};
