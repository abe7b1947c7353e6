import type { Logger } from "op-core";
import type { ToolFilter } from "../disclosure/tool-filter.ts";
import type { Ask } from "./ask.ts";
import type { ClientLabel, Principal, ToolContext } from "./tool-context.ts";

/** The same context under another signal. What the original makes only when it is asked for stays that way. */
export function withSignal(context: ToolContext, signal: AbortSignal): ToolContext {
  return new DerivedContext(context, signal, context.narrowedTo);
}

/** The same context for a caller who may find and call only what passes the filter. */
export function withNarrowing(context: ToolContext, narrowedTo: ToolFilter): ToolContext {
  return new DerivedContext(context, context.signal, narrowedTo);
}

class DerivedContext implements ToolContext {
  readonly signal: AbortSignal;
  readonly requestId: string;
  readonly principal: Principal;
  readonly sessionId: string;
  readonly client?: ClientLabel;
  readonly reportProgress: ToolContext["reportProgress"];
  readonly logToClient: ToolContext["logToClient"];
  readonly meta: ToolContext["meta"];
  readonly narrowedTo?: ToolFilter;
  readonly #original: ToolContext;

  constructor(original: ToolContext, signal: AbortSignal, narrowedTo: ToolFilter | undefined) {
    this.#original = original;
    this.signal = signal;
    this.requestId = original.requestId;
    this.principal = original.principal;
    this.sessionId = original.sessionId;
    this.reportProgress = original.reportProgress;
    this.logToClient = original.logToClient;
    this.meta = original.meta;
    if (original.client !== undefined) this.client = original.client;
    if (narrowedTo !== undefined) this.narrowedTo = narrowedTo;
  }

  get logger(): Logger {
    return this.#original.logger;
  }

  get ask(): Ask {
    return this.#original.ask;
  }
}
