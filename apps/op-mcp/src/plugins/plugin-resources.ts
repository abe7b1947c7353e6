import type { Clock, Logger } from "op-core";
import {
  ResourceNotFoundError,
  type Completion,
  type CompletionRequest,
  type ReadOptions,
  type ResourceContents,
  type ResourceDescriptor,
  type ResourceSource,
  type ResourceSourceChange,
  type ResourceTemplateDescriptor,
  type SourceOptions,
} from "op-tools";
import { PluginPart } from "./plugin-part.ts";

type ResourcePart = PluginPart<"openResourceSource">;

/** What the sources of plugins take besides their paths. */
export interface PluginSourceOptions {
  readonly clock: Clock;
  readonly logger: Logger;
}

/** The resources of a module, which is imported when resources are first listed or read. */
class PluginResources implements ResourceSource {
  readonly #part: ResourcePart;
  readonly #clock: Clock;

  constructor(part: ResourcePart, clock: Clock) {
    this.#part = part;
    this.#clock = clock;
  }

  get name(): string {
    return this.#part.name;
  }

  async *list(options: SourceOptions): AsyncGenerator<ResourceDescriptor> {
    yield* (await this.#open(options))?.list(options) ?? [];
  }

  async *templates(options: SourceOptions): AsyncGenerator<ResourceTemplateDescriptor> {
    yield* (await this.#open(options))?.templates?.(options) ?? [];
  }

  /** Until the module is there, {@link UnopenedResources} answers for it. */
  owns(uri: string): boolean {
    return this.#part.opened?.owns(uri) ?? false;
  }

  async read(uri: string, options: ReadOptions): Promise<readonly ResourceContents[]> {
    const source = await this.#open(options);
    if (source === undefined) throw new ResourceNotFoundError(uri);
    return await source.read(uri, options);
  }

  async complete(request: CompletionRequest, options: ReadOptions): Promise<Completion> {
    // Whoever completes a template has seen it listed.
    const completion = await this.#part.opened?.complete?.(request, options);
    if (completion === undefined) throw new ResourceNotFoundError(request.of);
    return completion;
  }

  async follow(uri: string, options: ReadOptions): Promise<void> {
    await (await this.#open(options))?.follow?.(uri, options);
  }

  async *changes(options: SourceOptions): AsyncGenerator<ResourceSourceChange> {
    yield* (await this.#part.whenOpen(options.signal))?.changes?.(options) ?? [];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#part[Symbol.asyncDispose]();
  }

  #open({ signal }: SourceOptions): Promise<ResourceSource | undefined> {
    return this.#part.openInTime(this.#clock, signal);
  }
}

/** Stands behind all others: imports the modules whose resources nobody knows yet, when a URI is none of anybody's. */
class UnopenedResources implements ResourceSource {
  readonly name = "plugins";
  readonly #parts: readonly ResourcePart[];
  readonly #options: PluginSourceOptions;

  constructor(parts: readonly ResourcePart[], options: PluginSourceOptions) {
    this.#parts = parts;
    this.#options = options;
  }

  async *list(): AsyncGenerator<ResourceDescriptor> {}

  owns(): boolean {
    return this.#parts.some(({ opened }) => opened === undefined);
  }

  async read(uri: string, options: ReadOptions): Promise<readonly ResourceContents[]> {
    return await (await this.#ownerOf(uri, options)).read(uri, options);
  }

  async follow(uri: string, options: ReadOptions): Promise<void> {
    await (await this.#ownerOf(uri, options)).follow?.(uri, options);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }

  async #ownerOf(uri: string, { signal }: ReadOptions): Promise<ResourceSource> {
    const opening = this.#parts.map((part) => this.#openOrWarn(part, signal));
    const sources = await Promise.all(opening);
    const owner = sources.find((source) => source?.owns(uri));
    if (owner === undefined) throw new ResourceNotFoundError(uri);
    return owner;
  }

  async #openOrWarn(part: ResourcePart, signal: AbortSignal): Promise<ResourceSource | undefined> {
    const { clock, logger } = this.#options;
    try {
      return await part.openInTime(clock, signal);
    } catch (error) {
      signal.throwIfAborted();
      logger.warn("a plugin's resources cannot be used", { plugin: part.name, error });
      return undefined;
    }
  }
}

/** The resources of ES modules, in the order in which they are asked whose a URI is; to be put behind all other sources. */
export function createPluginResources(
  paths: readonly string[],
  options: PluginSourceOptions,
): readonly ResourceSource[] {
  if (paths.length === 0) return [];
  const parts = paths.map((path) => new PluginPart(path, "openResourceSource"));
  const known = parts.map((part) => new PluginResources(part, options.clock));
  return [...known, new UnopenedResources(parts, options)];
}
