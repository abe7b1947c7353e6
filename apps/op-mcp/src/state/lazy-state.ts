import type { StateEngine } from "op-state";
import { explainChangesPrompt, stateResource, stateScheme } from "op-state/descriptors";
import { mayBeUnfinished } from "op-state/unfinished";
import {
  PromptNotFoundError,
  type PromptDescriptor,
  type SourceOptions,
  type PromptSource,
  type ResourceSource,
  type ToolSource,
} from "op-tools";
import type { PartState } from "../hosting/status/readiness.ts";
import { FirstUse } from "../lazy/first-use.ts";
import { createLazyResources } from "../lazy/lazy-resources.ts";
import { createLazyTools } from "../lazy/lazy-tools.ts";
import type { OpenStateOptions } from "./open-state.ts";
import { allPluginNames } from "./plugin-names.ts";
import { stateFingerprint } from "./state-fingerprint.ts";

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

/** What was half done when the last process ended, and is brought to an end soon after the start. */
class Recovery implements Disposable {
  readonly #options: OpenStateOptions;
  readonly #engine: () => Promise<StateEngine>;
  #timer: Disposable | undefined;
  state: PartState = "ok";

  constructor(options: OpenStateOptions, engine: () => Promise<StateEngine>) {
    this.#options = options;
    this.#engine = engine;
  }

  startSoon(): void {
    const { directory, clock } = this.#options;
    if (!mayBeUnfinished(directory)) return;
    this.state = "starting";
    const timer = clock.startTimer(recoverAfterMs, () => void this.#recover());
    timer.unref();
    this.#timer = timer;
  }

  [Symbol.dispose](): void {
    this.#timer?.[Symbol.dispose]();
  }

  /** Runs of processes that live count as half done too: then there is nothing to do, and that is well. */
  async #recover(): Promise<void> {
    try {
      const { recovered } = await this.#engine();
      const isLeft = recovered.some(({ outcome }) => outcome === "unfinished");
      this.state = isLeft ? "failing" : "ok";
    } catch (error) {
      this.state = "failing";
      this.#options.logger.error("what was half done could not be looked at", { error });
    }
  }
}

async function* listPrompts({ signal }: SourceOptions): AsyncGenerator<PromptDescriptor> {
  signal.throwIfAborted();
  await Promise.resolve();
  yield explainChangesPrompt;
}

function createLazyPrompts(source: () => Promise<PromptSource>): PromptSource {
  return {
    name,
    list: listPrompts,
    get: async (prompt, args, options) => {
      if (prompt !== explainChangesPrompt.name) throw new PromptNotFoundError(prompt);
      return await (await source()).get(prompt, args, options);
    },
    // The tools close what was opened.
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

/** Makes what declared state offers. Nothing of it is loaded or opened before it is used. */
export function createLazyState(options: OpenStateOptions): LazyState {
  const state = new FirstUse(async () => (await import("./open-state.ts")).openState(options));
  const source = async () => (await state.get()).source;
  const recovery = new Recovery(options, async () => await (await state.get()).engine());
  return {
    tools: createLazyTools({
      name,
      source: async () => (await source()).tools,
      fingerprint: () => Promise.resolve(stateFingerprint(allPluginNames(options), options.config)),
      isKnown: true,
      close: async () => {
        recovery[Symbol.dispose]();
        await (await state.opened())?.[Symbol.asyncDispose]();
      },
    }),
    resources: createLazyResources({
      name,
      source: async () => (await source()).resources,
      isOpen: state.isOpen,
      list: async function* list({ signal }) {
        for (const plugin of allPluginNames(options)) {
          signal.throwIfAborted();
          await Promise.resolve();
          yield stateResource(plugin);
        }
      },
      owns: (uri) => uri.startsWith(stateScheme),
    }),
    prompts: createLazyPrompts(async () => (await source()).prompts),
    recoverSoon: () => recovery.startSoon(),
    recovery: () => recovery.state,
  };
}
