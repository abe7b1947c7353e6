import type { JsonObject } from "op-core";
import type { Icon } from "../tool/tool-descriptor.ts";
import type { ContentBlock } from "../tool/tool-result.ts";
import type { Completion, CompletionRequest, ReadOptions } from "./resource-source.ts";
import type { SourceOptions } from "./tool-source.ts";

/** An argument of a prompt. */
export interface PromptArgument {
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
  readonly required?: boolean;
}

/** A prompt as a list shows it. */
export interface PromptDescriptor {
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
  readonly arguments?: readonly PromptArgument[];
  readonly icons?: readonly Icon[];
  readonly _meta?: JsonObject;
}

/** A prompt with its arguments filled in. */
export interface PromptResult {
  readonly description?: string;
  readonly messages: readonly {
    readonly role: "user" | "assistant";
    readonly content: ContentBlock;
  }[];
}

/** Something that offers prompts. An unknown name rejects with `ERR_PROMPT_NOT_FOUND`. */
export interface PromptSource extends AsyncDisposable {
  readonly name: string;
  list(options: SourceOptions): AsyncIterable<PromptDescriptor>;
  get(
    name: string,
    args: Readonly<Record<string, string>>,
    options: ReadOptions,
  ): Promise<PromptResult>;
  /** Values for an argument that start with `value`. */
  complete?(request: CompletionRequest, options: ReadOptions): Promise<Completion>;
  changes?(options: SourceOptions): AsyncIterable<{ readonly kind: "prompt-list-changed" }>;
}
