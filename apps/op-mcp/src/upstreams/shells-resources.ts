import { toUriScheme } from "op-aggregator/uri-scheme";
import type { Logger } from "op-core";
import {
  ResourceNotFoundError,
  type Completion,
  type CompletionRequest,
  type ReadOptions,
  type ReadResult,
  type ResourceContents,
  type ResourceDescriptor,
  type ResourceSource,
  type ResourceSourceChange,
  type ResourceTemplateDescriptor,
  type SourceOptions,
} from "op-tools";
import { completeAtShell } from "./complete-at-shell.ts";
import { followShells } from "./follow-shells.ts";
import type { ShellSet } from "./shell-set.ts";
import type { UpstreamShell } from "./upstream-shell.ts";

/** The resources of all servers, of those that are configured at the time. */
export class ShellsResources implements ResourceSource {
  readonly name = "upstreams";
  readonly #shells: ShellSet;
  readonly #logger: Logger;

  constructor(shells: ShellSet, logger: Logger) {
    this.#shells = shells;
    this.#logger = logger;
  }

  async *list({ signal }: SourceOptions): AsyncGenerator<ResourceDescriptor> {
    yield* (await this.#shells.listAll(({ resources }) => resources, signal, this.#logger)).flat();
  }

  async *templates({ signal }: SourceOptions): AsyncGenerator<ResourceTemplateDescriptor> {
    yield* (await this.#shells.listAll(({ templates }) => templates, signal, this.#logger)).flat();
  }

  owns(uri: string): boolean {
    return this.#ownerOf(uri) !== undefined;
  }

  read(uri: string, options: ReadOptions): Promise<readonly ResourceContents[]> {
    return this.#shellOf(uri).use(({ sources }) => sources.resources.read(uri, options));
  }

  async readWhole(uri: string, options: ReadOptions): Promise<ReadResult> {
    return await this.#shellOf(uri).use(async ({ sources: { resources } }) =>
      resources.readWhole === undefined
        ? { contents: await resources.read(uri, options) }
        : await resources.readWhole(uri, options),
    );
  }

  async complete(request: CompletionRequest, options: ReadOptions): Promise<Completion> {
    return await completeAtShell(
      this.#shellOf(request.of),
      { kind: "resources", request },
      options,
    );
  }

  async follow(uri: string, options: ReadOptions): Promise<void> {
    await this.#shellOf(uri).use(async ({ sources }) => sources.resources.follow?.(uri, options));
  }

  async *changes({ signal }: SourceOptions): AsyncGenerator<ResourceSourceChange> {
    for await (const event of followShells(this.#shells, signal)) {
      if (event.kind === "resource-updated") yield event;
      if (event.kind === "resources-changed") yield { kind: "resource-list-changed" };
    }
  }

  /** Who made the servers ends them. */
  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }

  #shellOf(uri: string): UpstreamShell {
    const shell = this.#ownerOf(uri);
    if (shell === undefined) throw new ResourceNotFoundError(uri);
    return shell;
  }

  /** One that keeps its URIs may own any that nobody else has. */
  #ownerOf(uri: string): UpstreamShell | undefined {
    const { all } = this.#shells;
    return (
      all.find(({ name }) => uri.startsWith(`${toUriScheme(name)}+`)) ??
      all.find(({ settings }) => settings.keepUris === true)
    );
  }
}
