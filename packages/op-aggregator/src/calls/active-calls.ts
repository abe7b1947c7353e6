import type { JsonObject } from "op-core";
import { logLevels } from "op-protocol";
import type { UpstreamClient } from "op-protocol/client";
import type { ClientLogLevel, ToolContext } from "op-tools";
import type { LogGate } from "../upstreams/log-gate.ts";
import type { UpstreamConfig } from "../upstreams/upstream-config.ts";

/** What is known of a client's request while it is under way. */
export type CallContext = Pick<
  ToolContext,
  "sessionId" | "clientLogLevel" | "logToClient" | "notifyClient"
>;

/** A call that is under way, between the one that began before it and the one that began after it. */
class ActiveCall {
  readonly context: CallContext;
  /** The connection that it is made on, once there is one. */
  client: UpstreamClient | undefined;
  earlier: ActiveCall | undefined;
  later: ActiveCall | undefined;

  constructor(context: CallContext, earlier: ActiveCall | undefined) {
    this.context = context;
    this.earlier = earlier;
  }
}

/** The calls that are under way, to find whom a message is for that does not say it. */
export class ActiveCalls {
  /** How many calls want each level. */
  readonly #wanting = logLevels.map(() => 0);
  #latest: ActiveCall | undefined;

  /** Counts a call until it is ended, once. */
  begin(context: CallContext): ActiveCall {
    const call = new ActiveCall(context, this.#latest);
    if (this.#latest !== undefined) this.#latest.later = call;
    this.#latest = call;
    this.#count(context, 1);
    return call;
  }

  end({ context, earlier, later }: ActiveCall): void {
    if (earlier !== undefined) earlier.later = later;
    if (later === undefined) this.#latest = earlier;
    else later.earlier = earlier;
    this.#count(context, -1);
  }

  /** What is under way on a connection, the latest first. */
  *on(client: UpstreamClient): Generator<CallContext> {
    for (let call = this.#latest; call !== undefined; call = call.earlier)
      if (call.client === client) yield call.context;
  }

  /** The latest call on a connection, where all that are under way on it are of one session. */
  onlyOneOn(client: UpstreamClient): CallContext | undefined {
    let latest: CallContext | undefined;
    for (const context of this.on(client)) {
      latest ??= context;
      if (context.sessionId !== latest.sessionId) return undefined;
    }
    return latest;
  }

  /** The least urgent messages to ask for. On a connection of several, whoever wants most decides what is sent. */
  logLevelFor(
    { clientLogLevel }: CallContext,
    { connections }: UpstreamConfig,
  ): ClientLogLevel | undefined {
    if (connections === "per-session") return clientLogLevel;
    const place = this.#wanting.findIndex((count) => count > 0);
    return place < 0 ? undefined : logLevels[place];
  }

  #count({ clientLogLevel }: CallContext, change: 1 | -1): void {
    const place = clientLogLevel === undefined ? -1 : logLevels.indexOf(clientLogLevel);
    const count = this.#wanting[place];
    if (count !== undefined) this.#wanting[place] = count + change;
  }
}

/** Passes on a server's log message as it came, where the gate lets it: one that names no logger gets none. */
export function passLog(
  { logToClient, clientLogLevel = "debug" }: Pick<ToolContext, "logToClient" | "clientLogLevel">,
  message: JsonObject,
  gate: LogGate,
): void {
  const place = logLevels.findIndex((one) => one === message["level"]);
  // What the client does not want is no flood.
  if (place < logLevels.indexOf(clientLogLevel)) return;
  gate.pass(message, ({ level, data = null, logger, ...others }) => {
    const known = logLevels.find((one) => one === level);
    if (known !== undefined)
      logToClient(known, data, typeof logger === "string" ? logger : null, others);
  });
}
