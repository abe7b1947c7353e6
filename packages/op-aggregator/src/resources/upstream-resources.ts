import { isJsonObject, type JsonObject } from "op-core";
import { JsonRpcError, rpcCodes, type AskingReadOptions } from "op-protocol";
import { UpstreamMessageError } from "op-protocol/client";
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
import { framing } from "../tools/convert-result.ts";
import { complete, readList, request, type ReadRoute } from "../upstreams/ask-upstream.ts";
import type { Upstream } from "../upstreams/upstream.ts";
import { without } from "../upstreams/without.ts";
import { mapUri, type UriMap } from "./uri-map.ts";

function isDescriptor(value: JsonObject): value is JsonObject & ResourceDescriptor {
  return typeof value["uri"] === "string" && typeof value["name"] === "string";
}

function isTemplate(value: JsonObject): value is JsonObject & ResourceTemplateDescriptor {
  return typeof value["uriTemplate"] === "string" && typeof value["name"] === "string";
}

function isContents(value: unknown): value is ResourceContents {
  if (!isJsonObject(value) || typeof value["uri"] !== "string") return false;
  return typeof value["text"] === "string" || typeof value["blob"] === "string";
}

/** An upstream says in its own era's number that there is no such resource. */
function toNotFound(error: unknown, uri: string): unknown {
  return error instanceof JsonRpcError && error.rpcCode === rpcCodes.resourceNotFound
    ? new ResourceNotFoundError(uri)
    : error;
}

/** The resources of one upstream, under URIs that nobody else has. */
export class UpstreamResources implements ResourceSource {
  readonly name: string;
  readonly #route: ReadRoute;
  readonly #upstream: Upstream;
  readonly #uris: UriMap;

  constructor(route: ReadRoute, uris: UriMap) {
    this.name = route.upstream.name;
    this.#route = route;
    this.#upstream = route.upstream;
    this.#uris = uris;
  }

  async *list(options: SourceOptions): AsyncGenerator<ResourceDescriptor> {
    for (const item of await readList(this.#upstream, "resources/list", options)) {
      const mapped = mapUri(item, this.#uris);
      if (isDescriptor(mapped)) yield mapped;
    }
  }

  async *templates(options: SourceOptions): AsyncGenerator<ResourceTemplateDescriptor> {
    for (const item of await readList(this.#upstream, "resources/templates/list", options)) {
      if (isTemplate(item)) yield { ...item, uriTemplate: this.#uris.toPublic(item.uriTemplate) };
    }
  }

  owns(uri: string): boolean {
    return this.#uris.owns(uri);
  }

  async read(uri: string, options: ReadOptions): Promise<readonly ResourceContents[]> {
    return (await this.readWhole(uri, options)).contents;
  }

  async readWhole(
    uri: string,
    options: ReadOptions & Partial<AskingReadOptions>,
  ): Promise<ReadResult> {
    try {
      const params = { uri: this.#uris.toUpstream(uri) };
      const result = await request(this.#route, { method: "resources/read", params }, options);
      const { contents } = result;
      const mapped: readonly unknown[] = Array.isArray(contents)
        ? contents.map((one) => (isJsonObject(one) ? mapUri(one, this.#uris) : one))
        : [undefined];
      if (!mapped.every(isContents)) throw new UpstreamMessageError("it gave no contents");
      return { ...without(result, framing), contents: mapped };
    } catch (error) {
      throw toNotFound(error, uri);
    }
  }

  complete(
    wanted: CompletionRequest,
    options: ReadOptions & Partial<AskingReadOptions>,
  ): Promise<Completion> {
    const ref = { type: "ref/resource", uri: this.#uris.toUpstream(wanted.of) };
    return complete(this.#route, { ref, wanted }, options);
  }

  /** Subscribes until the signal aborts. */
  async follow(
    uri: string,
    {
      signal,
      principal: { id: user },
      sessionId: session = user,
    }: ReadOptions & Partial<AskingReadOptions>,
  ): Promise<void> {
    await this.#upstream.follow(this.#uris.toUpstream(uri), signal, { session, user });
  }

  async *changes({ signal }: SourceOptions): AsyncGenerator<ResourceSourceChange> {
    for await (const event of this.#upstream.events.read(signal)) {
      if (event.kind === "resources-changed") yield { kind: "resource-list-changed" };
      if (event.kind === "resource-updated")
        yield { kind: "resource-updated", uri: this.#uris.toPublic(event.uri) };
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.resolve();
  }
}
