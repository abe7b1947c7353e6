import { hash } from "node:crypto";
import { abortable, type Clock } from "op-core";
import { explainChangesPrompt, stateResource, stateScheme } from "op-state/descriptors";
import type { StateSource } from "op-state/tools";
import { mayBeUnfinished } from "op-state/unfinished";
import {
  PromptNotFoundError,
  type PromptDescriptor,
  type PromptResult,
  type PromptSource,
  type ReadOptions,
  type ResourceContents,
  type ResourceDescriptor,
  type ResourceSource,
  type ResourceSourceChange,
  type SourceOptions,
  type Tool,
  type ToolDescriptor,
  type ToolSource,
} from "op-tools";
import { pluginNames } from "./plugin-names.ts";
import type { PartState } from "../hosting/status/readiness.ts";
import { packageFacts } from "../package.ts";
import type { OpenedState, OpenStateOptions } from "./open-state.ts";

/** Declared system state, whose code is loaded when something of it is used. */
export interface LazyState {
  readonly tools: ToolSource;
  readonly resources: ResourceSource;
  readonly prompts: PromptSource;
  /** Brings to an end what was half done when the last process ended, soon, where there may be something. */
  readonly recoverSoon: () => void;
  /** Whether what was half done is brought to an end. */
  readonly recovery: () => PartState;
}

/** The first requests go before it. */
const recoverAfterMs = 250;

const name = "state";

/** Opens everything with the first use; when that fails, with the next. */
class SharedState implements AsyncDisposable {
  readonly #options: OpenStateOptions;
  readonly #isUsed = Promise.withResolvers<void>();
  readonly #clock: Clock;
  #opening: Promise<OpenedState> | undefined;
  #timer: Disposable | undefined;
  recovery: PartState = "ok";

  constructor(options: OpenStateOptions) {
    this.#options = options;
    this.#clock = options.clock;
  }

  /** Resolves when something is used; perhaps never. */
  get isUsed(): Promise<void> {
    return this.#isUsed.promise;
  }

  async source(): Promise<StateSource> {
    return (await this.#open()).source;
  }

  recoverSoon(): void {
    if (!mayBeUnfinished(this.#options.directory)) return;
    this.recovery = "starting";
    const timer = this.#clock.startTimer(recoverAfterMs, () => void this.#recover());
    timer.unref();
    this.#timer = timer;
  }

  /** What the list is made of: nothing is loaded to know that it is still the same. */
  fingerprint(): string {
    return hash("sha256", JSON.stringify([packageFacts().version, this.pluginNames()]));
  }

  pluginNames(): readonly string[] {
    return pluginNames(this.#options);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#timer?.[Symbol.dispose]();
    const opened = await this.#opening?.catch(() => undefined); // Told to whoever wanted to use it.
    await opened?.[Symbol.asyncDispose]();
  }

  #open(): Promise<OpenedState> {
    this.#opening ??= this.#openAnew().catch((error: unknown) => {
      this.#opening = undefined;
      throw error;
    });
    return this.#opening;
  }

  async #openAnew(): Promise<OpenedState> {
    const { openState } = await import("./open-state.ts");
    const opened = await openState(this.#options);
    this.#isUsed.resolve();
    return opened;
  }

  /** Runs of processes that live count as half done too: then there is nothing to do, and that is well. */
  async #recover(): Promise<void> {
    try {
      const { recovered } = await (await this.#open()).engine();
      const isLeft = recovered.some(({ outcome }) => outcome === "unfinished");
      this.recovery = isLeft ? "failing" : "ok";
    } catch (error) {
      this.recovery = "failing";
      this.#options.logger.error("what was half done could not be looked at", { error });
    }
  }
}

class LazyTools implements ToolSource {
  readonly name = name;
  readonly #shared: SharedState;

  constructor(shared: SharedState) {
    this.#shared = shared;
  }

  async *list(options: SourceOptions): AsyncGenerator<ToolDescriptor> {
    yield* (await this.#shared.source()).tools.list(options);
  }

  async load(tool: string, options: SourceOptions): Promise<Tool> {
    return (await this.#shared.source()).tools.load(tool, options);
  }

  fingerprint(): Promise<string> {
    return Promise.resolve(this.#shared.fingerprint());
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#shared[Symbol.asyncDispose]();
  }
}

/** Ended by the tools, as the prompts are. */
class LazyResources implements ResourceSource {
  readonly name = name;
  readonly #shared: SharedState;

  constructor(shared: SharedState) {
    this.#shared = shared;
  }

  async *list(options: SourceOptions): AsyncGenerator<ResourceDescriptor> {
    for (const plugin of this.#shared.pluginNames()) {
      options.signal.throwIfAborted();
      yield stateResource(plugin);
    }
  }

  owns(uri: string): boolean {
    return uri.startsWith(stateScheme);
  }

  async read(uri: string, options: ReadOptions): Promise<readonly ResourceContents[]> {
    return (await this.#shared.source()).resources.read(uri, options);
  }

  async follow(uri: string, options: ReadOptions): Promise<void> {
    await (await this.#shared.source()).resources.follow?.(uri, options);
  }

  /** Nothing drifts that nobody looks at. */
  async *changes(options: SourceOptions): AsyncGenerator<ResourceSourceChange> {
    try {
      await abortable(this.#shared.isUsed, options.signal);
    } catch (error) {
      if (options.signal.aborted) return;
      throw error;
    }
    yield* (await this.#shared.source()).resources.changes?.(options) ?? [];
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }
}

class LazyPrompts implements PromptSource {
  readonly name = name;
  readonly #shared: SharedState;

  constructor(shared: SharedState) {
    this.#shared = shared;
  }

  async *list(options: SourceOptions): AsyncGenerator<PromptDescriptor> {
    options.signal.throwIfAborted();
    yield explainChangesPrompt;
  }

  async get(
    prompt: string,
    args: Readonly<Record<string, string>>,
    options: ReadOptions,
  ): Promise<PromptResult> {
    if (prompt !== explainChangesPrompt.name) throw new PromptNotFoundError(prompt);
    return (await this.#shared.source()).prompts.get(prompt, args, options);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }
}

/** Makes what declared state offers. Nothing of it is loaded or opened before it is used. */
export function createLazyState(options: OpenStateOptions): LazyState {
  const shared = new SharedState(options);
  return {
    tools: new LazyTools(shared),
    resources: new LazyResources(shared),
    prompts: new LazyPrompts(shared),
    recoverSoon: () => shared.recoverSoon(),
    recovery: () => shared.recovery,
  };
}
