import { abortable, silentLogger, systemClock, type Clock, type Logger, type Timer } from "op-core";
import type { ToolFactory } from "../registry/tool-registry.ts";
import { ToolboxClosedError } from "../tool-error.ts";
import type { Tool } from "../tool/tool.ts";

/** How tools are kept loaded. */
export interface LazyToolsOptions {
  /** How many tools stay loaded besides the pinned ones; more only while that many are in use. */
  readonly maxTools: number;
  /** A tool that is not used for this long is unloaded. */
  readonly idleMs: number;
  /** Names that are never unloaded. */
  readonly pinned?: readonly string[];
  readonly clock?: Clock;
  readonly logger?: Logger;
}

/** What was loaded and unloaded so far. */
export interface LazyToolsStatistics {
  readonly loaded: number;
  readonly inFlight: number;
  readonly hits: number;
  readonly loads: number;
  readonly failedLoads: number;
  readonly evictions: number;
}

/** Loads tools when they are first used and unloads those that are not. */
export interface LazyTools extends AsyncDisposable {
  readonly statistics: LazyToolsStatistics;
  /** Runs work with the loaded tool, which stays loaded meanwhile. The factory is used only if it is not loaded yet. */
  use<R>(name: string, factory: ToolFactory, use: ToolUse<R>): Promise<R>;
  /** Forgets a tool that changed or went away. Who uses it now may finish; it is disposed after. */
  invalidate(name: string): void;
}

/** What is done with a loaded tool. */
export interface ToolUse<R> {
  /** Who waits. The signal of a call may be made when it is looked at, so it is not where nothing waits. */
  readonly caller: { readonly signal: AbortSignal };
  readonly work: (tool: Tool) => Promise<R>;
}

/** A tool that is loaded or being loaded. Who waits for it counts as its user, so that it cannot go meanwhile. */
interface Slot {
  readonly name: string;
  readonly loading: AbortController;
  readonly ready: Promise<Tool>;
  tool: Tool | undefined;
  users: number;
  lastUsedAt: number;
  isForgotten: boolean;
}

class Lazy implements LazyTools {
  readonly #options: LazyToolsOptions;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #pinned: ReadonlySet<string>;
  /** The least recently used first. */
  readonly #slots = new Map<string, Slot>();
  #last: Slot | undefined;
  readonly #disposals = new Set<Promise<void>>();
  readonly #counts = { inFlight: 0, hits: 0, loads: 0, failedLoads: 0, evictions: 0 };
  #timer: Timer | undefined;
  #closing: Promise<void> | undefined;
  #whenIdle: (() => void) | undefined;

  constructor(options: LazyToolsOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#logger = options.logger ?? silentLogger;
    this.#pinned = new Set(options.pinned);
  }

  get statistics(): LazyToolsStatistics {
    return { loaded: this.#slots.size, ...this.#counts };
  }

  use<R>(name: string, factory: ToolFactory, use: ToolUse<R>): Promise<R> {
    if (this.#closing !== undefined) return Promise.reject(new ToolboxClosedError());
    const slot = this.#slots.get(name) ?? this.#load(name, factory);
    slot.users += 1;
    this.#counts.inFlight += 1;
    this.#shrink();
    if (slot.tool !== undefined) this.#counts.hits += 1;
    return begin(slot, use).then(
      (result) => {
        this.#end(slot);
        return result;
      },
      (error: unknown) => {
        this.#end(slot);
        throw error;
      },
    );
  }

  invalidate(name: string): void {
    const slot = this.#slots.get(name);
    if (slot !== undefined) this.#forget(slot);
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#timer?.[Symbol.dispose]();
    if (this.#counts.inFlight > 0) {
      await new Promise<void>((resolve) => {
        this.#whenIdle = resolve;
      });
    }
    for (const slot of this.#slots.values()) this.#forget(slot);
    while (this.#disposals.size > 0) await Promise.all(this.#disposals);
  }

  #end(slot: Slot): void {
    this.#release(slot);
    this.#counts.inFlight -= 1;
    if (this.#counts.inFlight === 0) this.#whenIdle?.();
  }

  #load(name: string, factory: ToolFactory): Slot {
    const loading = new AbortController();
    this.#counts.loads += 1;
    const ready = Promise.try(factory, { signal: loading.signal });
    const lastUsedAt = this.#clock.monotonic();
    const slot: Slot = {
      name,
      loading,
      ready,
      tool: undefined,
      users: 0,
      lastUsedAt,
      isForgotten: false,
    };
    void this.#finishLoading(slot);
    this.#slots.set(name, slot);
    this.#last = slot;
    this.#startTimer();
    return slot;
  }

  async #finishLoading(slot: Slot): Promise<void> {
    try {
      slot.tool = await slot.ready;
    } catch {
      // Whoever waits for the tool gets the error; here it only counts, and the next use loads again. A load that was
      // given up because nobody waits any more did not fail.
      if (!slot.loading.signal.aborted) this.#counts.failedLoads += 1;
      if (this.#slots.get(slot.name) === slot) this.#slots.delete(slot.name);
    }
  }

  #release(slot: Slot): void {
    slot.users -= 1;
    slot.lastUsedAt = this.#clock.monotonic();
    if (slot.isForgotten) {
      if (slot.users === 0) this.#dispose(slot);
    } else if (slot.tool === undefined) {
      // The load failed, or the last one who waited for it has left.
      if (slot.users === 0) this.#forget(slot);
    } else {
      this.#moveLast(slot);
      this.#shrink();
    }
  }

  /** The tool that is called again and again is there already. */
  #moveLast(slot: Slot): void {
    if (this.#last === slot) return;
    this.#slots.delete(slot.name);
    this.#slots.set(slot.name, slot);
    this.#last = slot;
  }

  /** Unloads the least recently used until there is room; what is in use stays. */
  #shrink(): void {
    let excess = this.#slots.size - this.#options.maxTools;
    if (excess <= 0) return;
    for (const name of this.#pinned) if (this.#slots.has(name)) excess -= 1;
    for (const slot of this.#slots.values()) {
      if (excess <= 0) return;
      if (!this.#mayGo(slot)) continue;
      this.#evict(slot);
      excess -= 1;
    }
  }

  #evictIdle(): void {
    const idleSince = this.#clock.monotonic() - this.#options.idleMs;
    for (const slot of this.#slots.values()) {
      if (slot.lastUsedAt <= idleSince && this.#mayGo(slot)) this.#evict(slot);
    }
    this.#timer = undefined;
    this.#startTimer();
  }

  /** One timer for all: due when the longest unused tool may have become idle. */
  #startTimer(): void {
    if (this.#timer !== undefined || this.#closing !== undefined) return;
    const oldest = this.#slots.values().find(({ name }) => !this.#pinned.has(name));
    if (oldest === undefined) return;
    const idleForMs = this.#clock.monotonic() - oldest.lastUsedAt;
    const delayMs = Math.max(
      this.#options.idleMs - idleForMs,
      Math.min(1000, this.#options.idleMs),
    );
    this.#timer = this.#clock.startTimer(delayMs, () => this.#evictIdle());
    this.#timer.unref();
  }

  #mayGo(slot: Slot): boolean {
    return slot.users === 0 && !this.#pinned.has(slot.name);
  }

  #evict(slot: Slot): void {
    this.#counts.evictions += 1;
    this.#forget(slot);
  }

  #forget(slot: Slot): void {
    if (this.#slots.get(slot.name) === slot) this.#slots.delete(slot.name);
    slot.isForgotten = true;
    if (slot.users === 0) this.#dispose(slot);
  }

  #dispose({ name, loading, ready }: Slot): void {
    loading.abort();
    const disposal = ready
      .then(
        (tool) => tool[Symbol.asyncDispose]?.(),
        () => undefined, // A tool that never came needs no disposal; whoever waited for it was told why.
      )
      .catch((error: unknown) =>
        this.#logger.warn("a tool could not be disposed", { tool: name, error }),
      )
      .finally(() => this.#disposals.delete(disposal));
    this.#disposals.add(disposal);
  }
}

/** Begins the work, with a tool that is loaded or once it is; never throws. */
function begin<R>({ tool, ready }: Slot, { work, caller }: ToolUse<R>): Promise<R> {
  if (tool === undefined) return abortable(ready, caller.signal).then(work);
  try {
    return work(tool);
  } catch (error) {
    return Promise.reject(error);
  }
}

/** Keeps nothing loaded until it is used. Disposing waits for what is in use, then disposes every tool. */
export function createLazyTools(options: LazyToolsOptions): LazyTools {
  return new Lazy(options);
}
