import {
  PromptNotFoundError,
  type Completion,
  type CompletionRequest,
  type PromptDescriptor,
  type PromptResult,
  type PromptSource,
  type ReadOptions,
  type SourceOptions,
} from "op-tools";
import { PluginPart } from "./plugin-part.ts";
import type { PluginSourceOptions } from "./plugin-resources.ts";

/** The prompts of a module, which is imported when prompts are first listed or filled in. */
class PluginPrompts implements PromptSource {
  readonly #part: PluginPart<"openPromptSource">;
  readonly #options: PluginSourceOptions;

  constructor(path: string, options: PluginSourceOptions) {
    this.#part = new PluginPart(path, "openPromptSource");
    this.#options = options;
  }

  get name(): string {
    return this.#part.name;
  }

  async *list(options: SourceOptions): AsyncGenerator<PromptDescriptor> {
    const { clock } = this.#options;
    yield* (await this.#part.openInTime(clock, options.signal))?.list(options) ?? [];
  }

  async get(
    name: string,
    args: Readonly<Record<string, string>>,
    options: ReadOptions,
  ): Promise<PromptResult> {
    return await (await this.#ownerOf(name, options)).get(name, args, options);
  }

  async complete(request: CompletionRequest, options: ReadOptions): Promise<Completion> {
    const source = await this.#ownerOf(request.of, options);
    const completion = await source.complete?.(request, options);
    if (completion === undefined) throw new PromptNotFoundError(request.of);
    return completion;
  }

  async *changes(options: SourceOptions): AsyncGenerator<{ readonly kind: "prompt-list-changed" }> {
    yield* (await this.#part.whenOpen(options.signal))?.changes?.(options) ?? [];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#part[Symbol.asyncDispose]();
  }

  /** A broken module has no prompts, so that those of others are found. */
  async #ownerOf(name: string, { signal }: ReadOptions): Promise<PromptSource> {
    const { clock, logger } = this.#options;
    const source = await this.#part.openInTime(clock, signal).catch((error: unknown) => {
      signal.throwIfAborted();
      logger.warn("a plugin's prompts cannot be used", { plugin: this.name, error });
    });
    if (source === undefined) throw new PromptNotFoundError(name);
    return source;
  }
}

/** The prompts of an ES module, named after its file. */
export function createPluginPrompts(path: string, options: PluginSourceOptions): PromptSource {
  return new PluginPrompts(path, options);
}
