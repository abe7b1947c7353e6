import { type Clock, isJsonObject, type JsonObject, startDeadline } from "op-core";
import type { AskingReadOptions } from "op-protocol";
import { UpstreamMessageError } from "op-protocol/client";
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
import { mapContent, type UriMap } from "../resources/uri-map.ts";
import { framing, isContentBlock } from "../tools/convert-result.ts";
import { complete, readList, request, type ReadRoute } from "../upstreams/ask-upstream.ts";
import { without } from "../upstreams/without.ts";
import type { Upstream } from "../upstreams/upstream.ts";

/** How long an upstream may take to say which prompts it has when one is looked for. */
const patienceMs = 5000;

function isDescriptor(value: JsonObject): value is JsonObject & PromptDescriptor {
  return typeof value["name"] === "string";
}

function isMessages(value: unknown): value is PromptResult["messages"] {
  return (
    Array.isArray(value) &&
    value.every((message: unknown) => isJsonObject(message) && isContentBlock(message["content"]))
  );
}

/** The prompts of one upstream, under its prefix where it has one. */
export class UpstreamPrompts implements PromptSource {
  readonly name: string;
  readonly #route: ReadRoute;
  readonly #upstream: Upstream;
  readonly #uris: UriMap;
  readonly #prefix: string;
  readonly #clock: Clock;
  #known: ReadonlySet<string> | undefined;

  constructor(route: ReadRoute, uris: UriMap, clock: Clock) {
    const { upstream } = route;
    const { prefix = "" } = upstream.config;
    this.name = upstream.name;
    this.#route = route;
    this.#upstream = upstream;
    this.#uris = uris;
    this.#clock = clock;
    this.#prefix = prefix === "" ? "" : `${prefix}_`;
  }

  async *list({ signal }: SourceOptions): AsyncGenerator<PromptDescriptor> {
    const all = await this.#read(signal);
    for (const item of all) yield { ...item, name: `${this.#prefix}${item.name}` };
  }

  async get(
    name: string,
    args: Readonly<Record<string, string>>,
    options: ReadOptions & Partial<AskingReadOptions>,
  ): Promise<PromptResult> {
    const params = { name: await this.#nameThere(name, options), arguments: args };
    const result = await request(this.#route, { method: "prompts/get", params }, options);
    const { messages } = result;
    const mapped: unknown = Array.isArray(messages)
      ? messages.map((message) =>
          isJsonObject(message) && message["content"] !== undefined
            ? { ...message, content: mapContent(message["content"], this.#uris) }
            : message,
        )
      : undefined;
    if (!isMessages(mapped)) throw new UpstreamMessageError("its prompt has not the form of one");
    return { ...without(result, framing), messages: mapped };
  }

  complete(
    wanted: CompletionRequest,
    options: ReadOptions & Partial<AskingReadOptions>,
  ): Promise<Completion> {
    const name = wanted.of.startsWith(this.#prefix)
      ? wanted.of.slice(this.#prefix.length)
      : wanted.of;
    return complete(this.#route, { ref: { type: "ref/prompt", name }, wanted }, options);
  }

  async *changes({
    signal,
  }: SourceOptions): AsyncGenerator<{ readonly kind: "prompt-list-changed" }> {
    for await (const event of this.#upstream.events.read(signal)) {
      if (event.kind !== "prompts-changed") continue;
      this.#known = undefined;
      yield { kind: "prompt-list-changed" };
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.resolve();
  }

  /** Which prompt is meant. Sources are asked in turn, so one that is not here must be said to be missing. */
  async #nameThere(name: string, { signal }: ReadOptions): Promise<string> {
    const there = name.startsWith(this.#prefix) ? name.slice(this.#prefix.length) : undefined;
    if (there === undefined) throw new PromptNotFoundError(name);
    if (this.#known?.has(there) !== true) await this.#learn(signal);
    if (this.#known?.has(there) !== true) throw new PromptNotFoundError(name);
    return there;
  }

  /** An upstream that fails or hangs must not keep the prompts of others from being found. */
  async #learn(signal: AbortSignal): Promise<void> {
    using deadline = startDeadline({
      what: `Looking for a prompt at ${this.name}`,
      ms: patienceMs,
      clock: this.#clock,
      signal,
    });
    await this.#read(deadline.signal).catch((error: unknown) => {
      signal.throwIfAborted();
      return error;
    });
  }

  async #read(signal: AbortSignal): Promise<readonly (JsonObject & PromptDescriptor)[]> {
    const items = await readList(this.#upstream, "prompts/list", { signal });
    const prompts = items.filter(isDescriptor);
    this.#known = new Set(prompts.map(({ name }) => name));
    return prompts;
  }
}
