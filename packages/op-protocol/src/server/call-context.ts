import type { Clock, JsonObject, JsonValue, Logger } from "op-core";
import type {
  Ask,
  ClientLabel,
  ClientLogLevel,
  Principal,
  ProgressUpdate,
  ToolContext,
} from "op-tools";
import { logLevels } from "../revisions/envelope.ts";
import { createAsk } from "./ask.ts";
import type { Exchange } from "./exchange.ts";
import type { RequestStates } from "./request-state.ts";

/** What every connection of a server shares. */
export interface CallServices {
  readonly states: RequestStates;
  readonly logger: Logger;
  readonly clock: Clock;
}

/** The context of one tool call. What few tools need is made when it is first asked for. */
export class CallContext implements ToolContext {
  readonly requestId: string;
  readonly signal: AbortSignal;
  readonly principal: Principal;
  readonly sessionId: string;
  readonly meta: JsonObject;
  readonly client?: ClientLabel;
  readonly #exchange: Exchange;
  readonly #services: CallServices;
  #logger: Logger | undefined;
  #ask: Ask | undefined;
  #lastProgress = -Infinity;

  constructor(exchange: Exchange, services: CallServices) {
    this.#exchange = exchange;
    this.#services = services;
    this.requestId = `${exchange.sessionId}:${exchange.id}`;
    this.signal = exchange.signal;
    this.principal = exchange.principal;
    this.sessionId = exchange.sessionId;
    this.meta = exchange.meta;
    if (exchange.client !== undefined) this.client = exchange.client;
  }

  get logger(): Logger {
    this.#logger ??= this.#services.logger.child({ requestId: this.requestId });
    return this.#logger;
  }

  get ask(): Ask {
    this.#ask ??= createAsk(this.#exchange, this.#services.states);
    return this.#ask;
  }

  readonly reportProgress = (update: ProgressUpdate): void => {
    const progressToken = this.meta["progressToken"];
    // The protocol demands that progress grows; an update that does not would be a protocol error of ours.
    if (progressToken === undefined || this.signal.aborted || update.progress <= this.#lastProgress)
      return;
    this.#lastProgress = update.progress;
    this.#exchange.notify("notifications/progress", { progressToken, ...update });
  };

  readonly logToClient = (level: ClientLogLevel, data: JsonValue): void => {
    const { logLevel } = this.#exchange;
    if (logLevel === undefined || this.signal.aborted) return;
    if (logLevels.indexOf(level) < logLevels.indexOf(logLevel)) return;
    this.#exchange.notify("notifications/message", { level, logger: "op-mcp", data });
  };
}
