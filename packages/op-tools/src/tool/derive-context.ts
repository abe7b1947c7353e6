import type { Logger } from "op-core";
import type { ToolFilter } from "../disclosure/tool-filter.ts";
import type { Ask } from "./ask.ts";
import type { ClientLabel, Principal, ToolContext } from "./tool-context.ts";

/** The same context under another signal. What the original makes only when it is asked for stays that way. */
export function withSignal(context: ToolContext, signal: AbortSignal): ToolContext {
  return new DerivedContext(context, { signal });
}

/** The same context for a caller who may find and call only what passes the filter. */
export function withNarrowing(context: ToolContext, narrowedTo: ToolFilter): ToolContext {
  return new DerivedContext(context, { narrowedTo });
}

/** The same context for a call that another tool passes on. */
export function withVia(context: ToolContext, via: string): ToolContext {
  return new DerivedContext(context, { via });
}

type Replaced = Partial<Pick<ToolContext, "signal" | "narrowedTo" | "via">>;

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
  readonly via?: string;
  readonly #original: ToolContext;

  constructor(original: ToolContext, replaced: Replaced) {
    const { signal, narrowedTo, via }: Replaced = replaced;
    this.#original = original;
    this.signal = signal ?? original.signal;
    this.requestId = original.requestId;
    this.principal = original.principal;
    this.sessionId = original.sessionId;
    this.reportProgress = original.reportProgress;
    this.logToClient = original.logToClient;
    this.meta = original.meta;
    if (original.client !== undefined) this.client = original.client;
    const filter = narrowedTo ?? original.narrowedTo;
    if (filter !== undefined) this.narrowedTo = filter;
    const named = via ?? original.via;
    if (named !== undefined) this.via = named;
  }

  get logger(): Logger {
    return this.#original.logger;
  }

  get ask(): Ask {
    return this.#original.ask;
  }
}
