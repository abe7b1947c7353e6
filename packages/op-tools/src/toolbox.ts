import { silentLogger, systemClock, type Clock, type JsonObject, type Logger } from "op-core";
import { openDiscovery, type Discovery } from "./discovery/discovery.ts";
import type { NameConflict } from "./discovery/public-names.ts";
import type { MissingTools, QuarantinedTool, SourceStatus } from "./discovery/source-status.ts";
import { createLazyTools, type LazyTools, type LazyToolsStatistics } from "./lazy/lazy-tools.ts";
import { compileChain } from "./middleware/chain.ts";
import type { CallInspector, Middleware, Next, ToolCall } from "./middleware/middleware.ts";
import { createToolRegistry, type ToolRegistry } from "./registry/tool-registry.ts";
import type { SourceOptions, ToolSource } from "./sources/tool-source.ts";
import {
  CallSuspendedError,
  SourceExistsError,
  ToolboxClosedError,
  ToolNotFoundError,
} from "./tool-error.ts";
import type { CallEffect } from "./tool/call-effect.ts";
import type { ToolContext } from "./tool/tool-context.ts";
import type { ToolDescriptor } from "./tool/tool-descriptor.ts";
import type { ToolResult } from "./tool/tool-result.ts";
import type { Tool } from "./tool/tool.ts";
import type { ToolsConfig } from "./tools-config.ts";

/** What a toolbox is opened with. */
export interface ToolboxOptions {
  /** The order decides who keeps a name that two of them want. They belong to the toolbox, which disposes them. */
  readonly sources: readonly ToolSource[];
  readonly middleware?: readonly Middleware[];
  readonly config?: Partial<ToolsConfig>;
  /** Where what is known is kept from one run to the next; without it every run lists anew. */
  readonly manifestPath?: string;
  readonly clock?: Clock;
  readonly logger?: Logger;
}

/** How a toolbox stands. */
export interface ToolboxStatus {
  readonly known: number;
  readonly lazy: LazyToolsStatistics;
  readonly sources: readonly SourceStatus[];
  readonly conflicts: readonly NameConflict[];
  readonly quarantined: readonly QuarantinedTool[];
}

/** Tools of many sources behind one list and one way to call them. */
export interface Toolbox extends AsyncDisposable {
  readonly registry: ToolRegistry;
  /** Resolves when every source was listed once, or failed to. */
  readonly ready: Promise<void>;
  /** Whether every source was listed once, or failed to: what is unknown then is nobody's. */
  readonly isListed: boolean;
  /** Follows one more source, behind all others. `ERR_SOURCE_EXISTS` where its name is taken. */
  addSource(source: ToolSource): void;
  /** Forgets a source and its tools and disposes it. Resolves to whether there was one. */
  removeSource(name: string): Promise<boolean>;
  /**
   * Calls a tool through all middleware that concerns it. An unknown name is an `ERR_TOOL_NOT_FOUND`, which says of which
   * sources nothing is known; those that may have it and were just started are waited for a while.
   */
  call(name: string, args: JsonObject, context: ToolContext): Promise<ToolResult>;
  /** A tool by its name; one that is not known is waited for as in a call. Nothing where there is none. */
  find(name: string, options: SourceOptions): Promise<ToolDescriptor | undefined>;
  /** The sources that may have a tool of this name but never said what they have. */
  missing(name: string): readonly MissingTools[];
  status(): ToolboxStatus;
}

/** How calls to one tool run, and how they are looked at before. */
interface Way {
  readonly run: Next;
  readonly inspector: CallInspector;
}

const defaultMaxTools = 50;
const defaultIdleMs = 300_000;

class OpenToolbox implements Toolbox {
  readonly registry: ToolRegistry = createToolRegistry();
  readonly ready: Promise<void>;
  readonly #options: ToolboxOptions;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #lazy: LazyTools;
  readonly #discovery: Discovery;
  readonly #sources: Map<string, ToolSource>;
  readonly #chains = new Map<string, Way>();
  readonly #closing = new AbortController();
  /** Calls on their way, from the outermost middleware on: what it does after the call is waited for as well. */
  #inFlight = 0;
  #whenIdle: (() => void) | undefined;
  #isListed = false;
  #closed: Promise<void> | undefined;

  constructor(options: ToolboxOptions) {
    const { config = {}, clock = systemClock, logger = silentLogger } = options;
    const { maxTools = defaultMaxTools, idleMs = defaultIdleMs, preload = [] } = config;
    this.#options = options;
    this.#clock = clock;
    this.#logger = logger;
    this.#lazy = createLazyTools({ maxTools, idleMs, pinned: preload, clock, logger });
    this.registry.onEvent(({ kind, name }) => {
      if (kind === "tool-registered") return;
      this.#chains.delete(name);
      this.#lazy.invalidate(name);
    });
    const { sources, manifestPath } = options;
    this.#sources = new Map(sources.map((source) => [source.name, source]));
    const { listTimeoutMs } = config;
    this.#discovery = openDiscovery({
      sources,
      registry: this.registry,
      clock,
      logger,
      ...(manifestPath === undefined ? {} : { manifestPath }),
      ...(listTimeoutMs === undefined ? {} : { listTimeoutMs }),
    });
    this.ready = this.#discovery.ready.then(() => {
      this.#isListed = true;
      return this.#preload(preload);
    });
  }

  get isListed(): boolean {
    return this.#isListed;
  }

  addSource(source: ToolSource): void {
    if (this.#closed !== undefined) throw new ToolboxClosedError();
    if (this.#sources.has(source.name)) throw new SourceExistsError(source.name);
    this.#sources.set(source.name, source);
    this.#discovery.add(source);
  }

  async removeSource(name: string): Promise<boolean> {
    const source = this.#sources.get(name);
    if (source === undefined) return false;
    await this.#discovery.remove(name);
    this.#sources.delete(name);
    await source[Symbol.asyncDispose]();
    return true;
  }

  async call(name: string, args: JsonObject, context: ToolContext): Promise<ToolResult> {
    if (this.#closed !== undefined) throw new ToolboxClosedError();
    const tool = this.registry.get(name) ?? (await this.#expect(name, context));
    if (tool === undefined) {
      const nearest = this.registry.nearest(name);
      throw new ToolNotFoundError(name, { nearest, missing: this.missing(name) });
    }
    const { run, inspector } = this.#wayOf(tool);
    const began = this.#clock.monotonic();
    let failed = true;
    this.#inFlight += 1;
    try {
      const result = await run({ tool, args, context, inspector });
      failed = result.isError === true;
      return result;
    } catch (error) {
      failed = !(error instanceof CallSuspendedError);
      throw error;
    } finally {
      const durationMs = this.#clock.monotonic() - began;
      // However a cancelled call ends, it says nothing against the tool.
      if (context.signal.aborted) failed = false;
      this.registry.recordCall(name, { durationMs, failed, at: this.#clock.now() });
      this.#inFlight -= 1;
      if (this.#inFlight === 0) this.#whenIdle?.();
    }
  }

  async find(name: string, options: SourceOptions): Promise<ToolDescriptor | undefined> {
    return this.registry.get(name) ?? (await this.#expect(name, options));
  }

  missing(name: string): readonly MissingTools[] {
    return this.#discovery.missing(name);
  }

  status(): ToolboxStatus {
    return {
      known: this.registry.size,
      lazy: this.#lazy.statistics,
      sources: this.#discovery.status(),
      conflicts: this.#discovery.conflicts(),
      quarantined: this.#discovery.quarantined(),
    };
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    this.#closing.abort();
    if (this.#inFlight > 0) {
      await new Promise<void>((resolve) => {
        this.#whenIdle = resolve;
      });
    }
    await using stack = new AsyncDisposableStack();
    for (const source of this.#sources.values()) stack.use(source);
    stack.use(this.#lazy);
    stack.use(this.#discovery);
  }

  async #expect(name: string, { signal }: SourceOptions): Promise<ToolDescriptor | undefined> {
    if (this.#isListed) return undefined;
    const tool = await this.#discovery.expect(name, { signal });
    if (this.#closed !== undefined) throw new ToolboxClosedError();
    return tool;
  }

  #wayOf(tool: ToolDescriptor): Way {
    const { name } = tool;
    let way = this.#chains.get(name);
    if (way === undefined) {
      const invoke: Next = (call) =>
        this.#use(name, call, (real) => real.call(call.args, call.context));
      way = {
        run: compileChain(this.#options.middleware ?? [], tool, invoke),
        inspector: this.#inspectorOf(tool),
      };
      this.#chains.set(name, way);
    }
    return way;
  }

  #inspectorOf({ name, risk, title = name }: ToolDescriptor): CallInspector {
    const plain: CallEffect = { risk, summary: title };
    return {
      effectOf: (call) =>
        this.#use(
          name,
          call,
          (tool) => tool.effectOf?.(call.args, call.context) ?? Promise.resolve(plain),
        ),
      preview: (call) =>
        this.#use(
          name,
          call,
          (tool) => tool.preview?.(call.args, call.context) ?? Promise.resolve(undefined),
        ),
    };
  }

  #use<R>(name: string, { context }: ToolCall, work: (tool: Tool) => Promise<R>): Promise<R> {
    const factory = this.registry.factoryOf(name);
    if (factory === undefined) return Promise.reject(new ToolNotFoundError(name));
    return this.#lazy.use(name, factory, { caller: context, work });
  }

  async #preload(names: readonly string[]): Promise<void> {
    const { signal } = this.#closing;
    await Promise.all(
      names.map(async (name) => {
        const factory = this.registry.factoryOf(name);
        if (factory === undefined) {
          this.#logger.warn("a tool that should be preloaded does not exist", { tool: name });
          return;
        }
        try {
          await this.#lazy.use(name, factory, {
            caller: { signal },
            work: () => Promise.resolve(),
          });
        } catch (error) {
          if (!signal.aborted)
            this.#logger.warn("a tool could not be preloaded", { tool: name, error });
        }
      }),
    );
  }
}

/**
 * Opens the tools of many sources. Returns at once: what the manifest knows can be listed and called, the rest appears
 * as its source is listed. Disposing stops discovery, waits for calls in flight, then disposes tools and sources.
 */
export function openToolbox(options: ToolboxOptions): Promise<Toolbox> {
  return Promise.try(() => new OpenToolbox(options));
}
