import type { JsonObject } from "op-core";
import {
  ResourceNotFoundError,
  type Principal,
  type ReadOptions,
  type ResourceContents,
  type ResourceDescriptor,
  type ResourceSource,
  type ResourceSourceChange,
  type SourceOptions,
} from "op-tools";
import type { StatePlugin } from "../plugin/state-plugin.ts";
import { shownValue } from "../plugin/without-secrets.ts";
import { stateResource, stateScheme } from "./descriptors.ts";
import type { DriftFeed } from "./drift-feed.ts";
import { deviationData } from "./show-changes.ts";
import { stateSourceName, type StateRuntime } from "./state-runtime.ts";

/** What the resources are made of. */
export interface StateResourcesOptions {
  readonly runtime: StateRuntime;
  readonly feed: DriftFeed;
  /** Who may see the state of a plugin; everybody unless told. */
  readonly mayLook?: ((principal: Principal, plugin: string) => boolean) | undefined;
}

/** For each plugin what is declared, how it is, and what is not as declared; who follows it is told of drift. */
export class StateResources implements ResourceSource {
  readonly name = stateSourceName;
  readonly #options: StateResourcesOptions;

  constructor(options: StateResourcesOptions) {
    this.#options = options;
  }

  async *list({ signal }: SourceOptions): AsyncGenerator<ResourceDescriptor> {
    for (const { name } of this.#options.runtime.plugins) {
      signal.throwIfAborted();
      yield stateResource(name);
    }
  }

  owns(uri: string): boolean {
    return uri.startsWith(stateScheme);
  }

  async read(
    uri: string,
    { signal, principal }: ReadOptions,
  ): Promise<readonly ResourceContents[]> {
    const plugin = this.#pluginOf(uri, principal);
    const text = JSON.stringify(await this.#look(plugin, signal));
    return [{ uri, mimeType: "application/json", text }];
  }

  async follow(uri: string, { signal, principal }: ReadOptions): Promise<void> {
    signal.throwIfAborted();
    this.#pluginOf(uri, principal);
    this.#options.feed.start();
  }

  async *changes({ signal }: SourceOptions): AsyncGenerator<ResourceSourceChange> {
    for await (const plugin of this.#options.feed.follow(signal)) {
      yield { kind: "resource-updated", uri: `${stateScheme}${plugin}` };
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#options.feed[Symbol.asyncDispose]();
  }

  #pluginOf(uri: string, principal: Principal): StatePlugin {
    const { runtime, mayLook } = this.#options;
    const plugin = runtime.plugins.find(({ name }) => uri === `${stateScheme}${name}`);
    const isOpen = plugin !== undefined && (mayLook?.(principal, plugin.name) ?? true);
    if (!isOpen) throw new ResourceNotFoundError(uri);
    return plugin;
  }

  async #look(plugin: StatePlugin, signal: AbortSignal): Promise<JsonObject> {
    const engine = await this.#options.runtime.engine();
    const declared = (await engine.declared()).filter((one) => one.plugin === plugin.name);
    const states = await plugin.query(
      declared.map(({ key }) => key),
      { signal },
    );
    const drift = await engine.verify(declared, { signal });
    const values = [...states].map(([key, state]) => [key, shownValue(state)] as const);
    return {
      plugin: plugin.name,
      resources: Object.fromEntries(values),
      isAsDeclared: drift.length === 0,
      drift: drift.map(deviationData),
    };
  }
}
