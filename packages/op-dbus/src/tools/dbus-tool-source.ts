import { hash } from "node:crypto";
import {
  backoffDelayMs,
  createSingleFlight,
  isAbortOf,
  type Clock,
  type Logger,
  type SingleFlight,
  type Timer,
} from "op-core";
import {
  ToolNotFoundError,
  type SourceOptions,
  type Tool,
  type ToolDescriptor,
  type ToolSource,
  type ToolSourceChange,
} from "op-tools";
import { EventBuffer } from "../connection/event-buffer.ts";
import { readStamp, writeStamp } from "./stamp-file.ts";
import type { VisibleTools } from "./typed/visible-tools.ts";

/** What a source of tools of buses is made of. */
export interface DBusToolSourceOptions {
  readonly name: string;
  /** The tools that work on any service; made when they are first needed. */
  readonly metaTools: () => Promise<readonly Tool[]>;
  /** Looks at the buses, and says which tools there are and which buses could not be reached. */
  readonly collect: VisibleTools["collect"];
  /** What the list is made of besides what the buses offer: the configuration and the program's version. */
  readonly basis: string;
  /** Where what the list was made of is kept between runs. */
  readonly stampFile?: string;
  /** How long after the start the buses are followed although nobody asked; 0 waits for the first use. */
  readonly followAfterMs: number;
  readonly clock: Clock;
  readonly logger: Logger;
}

const quietMs = 500;
const changeBufferSize = 4096;
const retryPolicy = { initialMs: 5000, maxMs: 60_000, factor: 2, jitter: 0.2 };

/** The tools of one machine's buses. Nothing is connected to before a list, a call or the time of following. */
export class DBusToolSource implements ToolSource {
  readonly name: string;
  readonly #options: DBusToolSourceOptions;
  readonly #closing = new AbortController();
  readonly #readers = new Set<EventBuffer<ToolSourceChange>>();
  readonly #refreshing: SingleFlight<"tools", void> = createSingleFlight();
  readonly #work = new Set<Promise<void>>();
  #metaTools: Promise<ReadonlyMap<string, Tool>> | undefined;
  #typed: ReadonlyMap<string, Tool> = new Map();
  #unreachable: readonly string[] = [];
  /** What the last list was made of, in this run or in an earlier one. */
  #stamp: string | undefined;
  #isKnown = false;
  #isStale = true;
  #timer: Timer | undefined;
  #dueMs = 0;
  #failures = 0;
  #isFollowing = false;

  constructor(options: DBusToolSourceOptions) {
    this.name = options.name;
    this.#options = options;
  }

  async *list({ signal }: SourceOptions): AsyncGenerator<ToolDescriptor> {
    signal.throwIfAborted();
    await this.#refresh(signal);
    for (const tool of (await this.#meta()).values()) yield descriptorOf(tool);
    for (const tool of this.#typed.values()) yield descriptorOf(tool);
  }

  async load(name: string, { signal }: SourceOptions): Promise<Tool> {
    signal.throwIfAborted();
    const metaTool = (await this.#meta()).get(name);
    if (metaTool !== undefined) return metaTool;
    if (!this.#typed.has(name)) await this.#refresh(signal);
    const tool = this.#typed.get(name);
    if (tool === undefined) throw new ToolNotFoundError(name);
    return tool;
  }

  async *changes({ signal }: SourceOptions): AsyncGenerator<ToolSourceChange> {
    const buffer = new EventBuffer<ToolSourceChange>({
      size: changeBufferSize,
      signal,
      onEnd: () => this.#readers.delete(buffer),
    });
    this.#readers.add(buffer);
    this.#follow();
    try {
      yield* buffer;
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  /** An equal one means an equal list: it is read from the disk, and only made from the buses where none is there. */
  async fingerprint({ signal }: SourceOptions): Promise<string> {
    signal.throwIfAborted();
    const { stampFile, basis } = this.#options;
    if (this.#stamp === undefined && stampFile !== undefined)
      this.#stamp = await readStamp(stampFile);
    if (this.#stamp === undefined) await this.#refresh(signal);
    return digest(`${basis}\n${this.#stamp}`);
  }

  /** Takes notice of a change that may have changed the tools. */
  notice(): void {
    this.#isStale = true;
    if (this.#isKnown || this.#readers.size > 0) this.#refreshLater(quietMs);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    this.#timer?.[Symbol.dispose]();
    for (const reader of this.#readers) reader.end();
    await Promise.all(this.#work);
  }

  #meta(): Promise<ReadonlyMap<string, Tool>> {
    this.#metaTools ??= this.#options
      .metaTools()
      .then((tools) => new Map(tools.map((tool) => [tool.name, tool])));
    return this.#metaTools;
  }

  /** Looks at the buses if anything may have changed since. Everybody who asks meanwhile shares the same look. */
  async #refresh(signal: AbortSignal): Promise<void> {
    if (!this.#isStale) return;
    await this.#refreshing.run("tools", (shared) => this.#look(shared), { signal });
  }

  async #look(signal: AbortSignal): Promise<void> {
    this.#isStale = false;
    try {
      const { tools, unreachable } = await this.#options.collect(signal);
      this.#unreachable = unreachable;
      await this.#adopt(tools);
    } catch (error) {
      this.#isStale = true;
      throw error;
    }
    if (this.#unreachable.length === 0) this.#failures = 0;
    else this.#retryLater();
  }

  async #adopt(tools: ReadonlyMap<string, Tool>): Promise<void> {
    const before = this.#typed;
    const isFirst = !this.#isKnown;
    const isWhole = this.#unreachable.length === 0;
    this.#typed = tools;
    this.#isKnown ||= isWhole;
    const stamp = stampOf(tools);
    if (!isFirst) {
      for (const change of changesBetween(before, tools)) this.#tell(change);
    } else if (isWhole && this.#stamp !== undefined && stamp !== this.#stamp) {
      // Of what was listed before, perhaps in an earlier run, only the digest is known.
      this.#tell({ kind: "source-reset" });
    }
    const isNew = stamp !== this.#stamp;
    if (isWhole) this.#stamp = stamp;
    else this.#stamp ??= stamp;
    if (isNew && isWhole) await this.#keepStamp(stamp);
  }

  /** Without it the next start looks at the buses once more. */
  async #keepStamp(stamp: string): Promise<void> {
    const { stampFile, logger } = this.#options;
    if (stampFile === undefined) return;
    try {
      await writeStamp(stampFile, stamp);
    } catch (error) {
      logger.warn("what the tools of D-Bus were made of cannot be kept", { stampFile, error });
    }
  }

  #tell(change: ToolSourceChange): void {
    for (const reader of this.#readers) reader.push(change);
  }

  #follow(): void {
    const { followAfterMs } = this.#options;
    if (this.#isFollowing || followAfterMs === 0) return;
    this.#isFollowing = true;
    this.#refreshLater(followAfterMs);
  }

  /** A bus that was not there may come. */
  #retryLater(): void {
    this.#isStale = true;
    if (this.#readers.size === 0) return;
    this.#failures += 1;
    this.#refreshLater(backoffDelayMs(this.#failures, retryPolicy));
  }

  #refreshLater(delayMs: number): void {
    const { clock } = this.#options;
    const dueMs = clock.monotonic() + delayMs;
    if (this.#closing.signal.aborted || (this.#timer !== undefined && this.#dueMs <= dueMs)) return;
    this.#timer?.[Symbol.dispose]();
    this.#dueMs = dueMs;
    this.#timer = clock.startTimer(delayMs, () => {
      this.#timer = undefined;
      const work = this.#refreshNow();
      this.#work.add(work);
      void work.finally(() => this.#work.delete(work));
    });
    this.#timer.unref();
  }

  async #refreshNow(): Promise<void> {
    const { signal } = this.#closing;
    try {
      await this.#refresh(signal);
    } catch (error) {
      if (!isAbortOf(error, signal)) {
        this.#options.logger.warn("the tools of D-Bus were not looked at", { error });
      }
    }
  }
}

function* changesBetween(
  before: ReadonlyMap<string, Tool>,
  after: ReadonlyMap<string, Tool>,
): Generator<ToolSourceChange> {
  for (const name of before.keys()) {
    if (!after.has(name)) yield { kind: "tool-removed", name };
  }
  for (const [name, tool] of after) {
    const old = before.get(name);
    if (old === undefined) yield { kind: "tool-added", descriptor: descriptorOf(tool) };
    else if (textOf(old) !== textOf(tool))
      yield { kind: "tool-changed", descriptor: descriptorOf(tool) };
  }
}

function stampOf(tools: ReadonlyMap<string, Tool>): string {
  return digest(Array.from(tools.values(), textOf).toSorted().join("\n"));
}

/** What is listed of a tool is plain data: its functions are no part of it. */
function descriptorOf(tool: Tool): ToolDescriptor {
  const descriptor: ToolDescriptor = JSON.parse(textOf(tool));
  return descriptor;
}

/** Functions are no part of JSON. */
function textOf(tool: Tool): string {
  return JSON.stringify(tool);
}

function digest(text: string): string {
  return hash("sha256", text);
}
