import type { Logger } from "op-core";
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
import { completeAtShell } from "./complete-at-shell.ts";
import { followShells } from "./follow-shells.ts";
import type { ShellSet } from "./shell-set.ts";
import type { UpstreamShell } from "./upstream-shell.ts";

/** The prompts of all servers, of those that are configured at the time. The first that has a name keeps it. */
export class ShellsPrompts implements PromptSource {
  readonly name = "upstreams";
  readonly #shells: ShellSet;
  readonly #logger: Logger;

  constructor(shells: ShellSet, logger: Logger) {
    this.#shells = shells;
    this.#logger = logger;
  }

  async *list({ signal }: SourceOptions): AsyncGenerator<PromptDescriptor> {
    const lists = await this.#shells.listAll(({ prompts }) => prompts, signal, this.#logger);
    const seen = new Set<string>();
    for (const prompt of lists.flat()) {
      if (seen.has(prompt.name)) continue;
      seen.add(prompt.name);
      yield prompt;
    }
  }

  async get(
    name: string,
    args: Readonly<Record<string, string>>,
    options: ReadOptions,
  ): Promise<PromptResult> {
    const shell = await this.#shellOf(name, options);
    return await shell.use(({ sources }) => sources.prompts.get(name, args, options));
  }

  async complete(request: CompletionRequest, options: ReadOptions): Promise<Completion> {
    const shell = await this.#shellOf(request.of, options);
    return await completeAtShell(shell, { kind: "prompts", request }, options);
  }

  async *changes({
    signal,
  }: SourceOptions): AsyncGenerator<{ readonly kind: "prompt-list-changed" }> {
    for await (const { kind } of followShells(this.#shells, signal))
      if (kind === "prompts-changed") yield { kind: "prompt-list-changed" };
  }

  /** Who made the servers ends them. */
  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }

  /** Whose prompt it is, by what is known of all of them: none is started to be asked. */
  async #shellOf(name: string, { signal }: SourceOptions): Promise<UpstreamShell> {
    for (const shell of this.#shells.all) {
      const { prompts } = await shell.lists(signal);
      if (prompts.some((prompt) => prompt.name === name)) return shell;
    }
    throw new PromptNotFoundError(name);
  }
}
