import type { Logger, Span } from "op-core";
import type { ToolFilter } from "../disclosure/tool-filter.ts";
import type { Ask } from "./ask.ts";
import type { ClientLabel, ClientLogLevel, Principal, ToolContext } from "./tool-context.ts";

/** The same context under another signal. What the original makes only when it is asked for stays that way. */
export function withSignal(context: ToolContext, signal: AbortSignal): ToolContext {
  return new DerivedContext(context, { signal });
}

/** The same context under a signal that is made when somebody first looks at it: most tools never do. */
export function withLazySignal(context: ToolContext, signalOf: () => AbortSignal): ToolContext {
  return new DerivedContext(context, { signalOf });
}

/** The same context for a caller who may find and call only what passes the filter. */
export function withNarrowing(context: ToolContext, narrowedTo: ToolFilter): ToolContext {
  return new DerivedContext(context, { narrowedTo });
}

/** The same context for a call that another tool passes on. */
export function withVia(context: ToolContext, via: string): ToolContext {
  return new DerivedContext(context, { via });
}

/** The same context for one of several calls that another tool makes at once. */
export function withPart(
  context: ToolContext,
  part: Pick<ToolContext, "requestId" | "ask" | "reportProgress"> & { readonly via: string },
): ToolContext {
  return new DerivedContext(context, part);
}

/** The same context inside a part of the work, where that is traced. */
export function withSpan(context: ToolContext, span: Span | undefined): ToolContext {
  return span === undefined ? context : new DerivedContext(context, { span });
}

type Replaced = Partial<
  Pick<
    ToolContext,
    "signal" | "narrowedTo" | "via" | "span" | "requestId" | "ask" | "reportProgress"
  >
> & {
  readonly signalOf?: () => AbortSignal;
};

class DerivedContext implements ToolContext {
  readonly principal: Principal;
  readonly sessionId: string;
  readonly client?: ClientLabel;
  readonly transport?: string;
  readonly span?: Span;
  readonly clientLogLevel?: ClientLogLevel;
  readonly meta: ToolContext["meta"];
  readonly narrowedTo?: ToolFilter;
  readonly via?: string;
  readonly #original: ToolContext;
  readonly #replaced: Replaced;

  constructor(original: ToolContext, replaced: Replaced) {
    const { narrowedTo, via, span = original.span }: Replaced = replaced;
    this.#original = original;
    this.#replaced = replaced;
    this.principal = original.principal;
    this.sessionId = original.sessionId;
    if (original.clientLogLevel !== undefined) this.clientLogLevel = original.clientLogLevel;
    this.meta = original.meta;
    if (original.client !== undefined) this.client = original.client;
    if (original.transport !== undefined) this.transport = original.transport;
    if (span !== undefined) this.span = span;
    const filter = narrowedTo ?? original.narrowedTo;
    if (filter !== undefined) this.narrowedTo = filter;
    const named = via ?? original.via;
    if (named !== undefined) this.via = named;
  }

  get signal(): AbortSignal {
    const { signal, signalOf } = this.#replaced;
    return signal ?? signalOf?.() ?? this.#original.signal;
  }

  get requestId(): string {
    return this.#replaced.requestId ?? this.#original.requestId;
  }

  get reportProgress(): ToolContext["reportProgress"] {
    return this.#replaced.reportProgress ?? this.#original.reportProgress;
  }

  get logToClient(): ToolContext["logToClient"] {
    return this.#original.logToClient;
  }

  get notifyClient(): ToolContext["notifyClient"] {
    return this.#original.notifyClient;
  }

  get session(): ToolContext["session"] {
    return this.#original.session;
  }

  get logger(): Logger {
    return this.#original.logger;
  }

  get ask(): Ask {
    return this.#replaced.ask ?? this.#original.ask;
  }
}
