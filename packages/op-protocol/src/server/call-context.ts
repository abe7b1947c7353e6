import type { JsonObject, Logger, Span } from "op-core";
import type { Ask, ClientLabel, ClientLogLevel, Principal, ToolContext } from "op-tools";
import { logLevels } from "../revisions/envelope.ts";
import { createAsk } from "./ask.ts";
import type { Exchange } from "./exchange.ts";
import type { RequestStates } from "./request-state.ts";

/** What every connection of a server shares. */
export interface CallServices {
  readonly states: RequestStates;
  readonly logger: Logger;
}

/** A logger that names the call in every line. Most calls log nothing, so it is made with the first line. */
class CallLogger implements Logger {
  readonly #parent: Logger;
  readonly #requestId: string;
  readonly #span: Span | undefined;
  #named: Logger | undefined;

  constructor(parent: Logger, requestId: string, span: Span | undefined) {
    this.#parent = parent;
    this.#requestId = requestId;
    this.#span = span;
  }

  debug(...line: Parameters<Logger["debug"]>): void {
    this.#logger.debug(...line);
  }

  info(...line: Parameters<Logger["info"]>): void {
    this.#logger.info(...line);
  }

  warn(...line: Parameters<Logger["warn"]>): void {
    this.#logger.warn(...line);
  }

  error(...line: Parameters<Logger["error"]>): void {
    this.#logger.error(...line);
  }

  child(fields: Parameters<Logger["child"]>[0]): Logger {
    return this.#logger.child(fields);
  }

  get #logger(): Logger {
    const span = this.#span;
    const ids = span === undefined ? {} : { trace_id: span.traceId, span_id: span.spanId };
    return (this.#named ??= this.#parent.child({ requestId: this.#requestId, ...ids }));
  }
}

const silent = (): void => undefined;

function createProgress({ meta, signal, notify }: Exchange): ToolContext["reportProgress"] {
  const { progressToken } = meta;
  if (typeof progressToken !== "string" && !Number.isInteger(progressToken)) return silent;
  let last = -Infinity;
  return (update) => {
    // The protocol demands that progress grows; an update that does not would be a protocol error of ours.
    if (signal.aborted || update.progress <= last) return;
    last = update.progress;
    notify("notifications/progress", { progressToken, ...update });
  };
}

function createClientLog({ logLevel, signal, notify }: Exchange): ToolContext["logToClient"] {
  if (logLevel === undefined) return silent;
  const least = logLevels.indexOf(logLevel);
  return (level, data, logger = "op-mcp", others = {}) => {
    if (signal.aborted || logLevels.indexOf(level) < least) return;
    const named = logger === null ? {} : { logger };
    notify("notifications/message", { ...others, level, ...named, data });
  };
}

/** A class, for an object with a getter of its own gets a hidden class of its own: that would cost more than the call. */
class CallContext implements ToolContext {
  readonly signal: AbortSignal;
  readonly principal: Principal;
  readonly sessionId: string;
  readonly transport: string;
  readonly meta: JsonObject;
  readonly client?: ClientLabel;
  readonly span?: Span;
  readonly clientLogLevel?: ClientLogLevel;
  readonly #exchange: Exchange;
  readonly #services: CallServices;
  #requestId: string | undefined;
  #logger: Logger | undefined;
  #reportProgress: ToolContext["reportProgress"] | undefined;
  #logToClient: ToolContext["logToClient"] | undefined;
  #ask: Ask | undefined;

  constructor(exchange: Exchange, services: CallServices) {
    const { sessionId, signal, principal, meta, client, transport, span } = exchange;
    this.signal = signal;
    this.principal = principal;
    this.sessionId = sessionId;
    this.transport = transport;
    this.meta = meta;
    if (client !== undefined) this.client = client;
    if (span !== undefined) this.span = span;
    if (exchange.logLevel !== undefined) this.clientLogLevel = exchange.logLevel;
    this.#exchange = exchange;
    this.#services = services;
  }

  // What a call does not look at is not made: most ask nothing, log nothing and tell of no progress.

  get requestId(): string {
    return (this.#requestId ??= `${this.sessionId}:${this.#exchange.id}`);
  }

  get logger(): Logger {
    return (this.#logger ??= new CallLogger(this.#services.logger, this.requestId, this.span));
  }

  get reportProgress(): ToolContext["reportProgress"] {
    return (this.#reportProgress ??= createProgress(this.#exchange));
  }

  get logToClient(): ToolContext["logToClient"] {
    return (this.#logToClient ??= createClientLog(this.#exchange));
  }

  get notifyClient(): ToolContext["notifyClient"] {
    return this.#exchange.notify;
  }

  get session(): ToolContext["session"] {
    const { speech } = this.#exchange;
    return speech.era === "legacy" ? speech.session.told : undefined;
  }

  get ask(): Ask {
    return (this.#ask ??= createAsk(this.#exchange, this.#services.states));
  }
}

/** What surrounds one tool call. */
export function createCallContext(exchange: Exchange, services: CallServices): ToolContext {
  return new CallContext(exchange, services);
}
