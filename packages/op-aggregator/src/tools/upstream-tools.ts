import { hash } from "node:crypto";
import { canonicalJson, createEventBoard, type JsonObject, type Logger } from "op-core";
import {
  ToolNotFoundError,
  type SourceOptions,
  type Tool,
  type ToolDescriptor,
  type ToolSource,
  type ToolSourceChange,
} from "op-tools";
import { UpstreamToolHeldError } from "../aggregator-error.ts";
import { passLog } from "../calls/active-calls.ts";
import type { UpstreamClient } from "op-protocol/client";
import type { ToolList } from "./tool-list.ts";
import type { ToolListing } from "./tool-listing.ts";
import type { OfferedTool } from "./offer-tool.ts";
import { callUpstream, type CallRoute, type FindTool } from "./call-upstream.ts";

/** What a source of an upstream's tools takes. */
export interface UpstreamToolsOptions extends CallRoute {
  readonly list: ToolList;
  readonly logger: Logger;
}

/** The tools of one upstream. Listing starts the server; where a manifest knows the list, the first call does. */
export class UpstreamTools implements ToolSource {
  readonly name: string;
  readonly #options: UpstreamToolsOptions;
  readonly #route: CallRoute;
  readonly #changes = createEventBoard<ToolSourceChange>();
  readonly #life = new AbortController();
  readonly #logs: Disposable;
  readonly #following: Promise<unknown>;
  #hasListed = false;

  constructor(options: UpstreamToolsOptions) {
    this.name = options.upstream.name;
    this.#options = options;
    this.#route = options;
    options.list.onChanged(() => this.reset());
    this.#logs = options.upstream.onLog((message, client) => this.#takeLog(message, client));
    this.#following = this.#followTools();
  }

  async *list({ signal }: SourceOptions): AsyncGenerator<ToolDescriptor> {
    const { offered } = await this.#options.list.read(signal);
    this.#hasListed = true;
    for (const { descriptor } of offered.values()) yield descriptor;
  }

  async load(name: string, { signal }: SourceOptions): Promise<Tool> {
    const listing = await this.#options.list.read(signal);
    // A manifest served the list: now that the server runs, it is compared with what it says.
    if (!this.#hasListed) this.reset();
    this.#hasListed = true;
    const { descriptor } = this.#find(name, listing);
    const { list } = this.#options;
    // After a new connection it may be another tool, which must not be called unseen.
    const find: FindTool = (client, ending) => {
      const current = list.use(client);
      return current === undefined
        ? list.readFrom(client, ending).then((read) => this.#find(name, read))
        : this.#find(name, current);
    };
    return {
      ...descriptor,
      call: (args, context) => callUpstream(find, this.#route, { name, args, context }),
    };
  }

  changes({ signal }: SourceOptions): AsyncIterable<ToolSourceChange> {
    return this.#changes.read(AbortSignal.any([signal, this.#life.signal]));
  }

  /** Of the configuration alone: asking the server would start it. */
  fingerprint({ signal }: SourceOptions): Promise<string> {
    return Promise.try(() => {
      signal.throwIfAborted();
      return hash("sha256", canonicalJson(toPlain(this.#options.upstream.config)));
    });
  }

  /** Has the tools listed again. */
  reset(): void {
    this.#changes.tell({ kind: "source-reset" });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#logs[Symbol.dispose]();
    this.#life.abort();
    await this.#options.list[Symbol.asyncDispose]();
    await this.#following;
  }

  #find(name: string, listing: ToolListing): OfferedTool {
    const offered = listing.offered.get(name);
    if (offered === undefined) throw this.#missing(name, listing);
    return offered;
  }

  #missing(name: string, { held }: ToolListing): Error {
    const { prefix } = this.#options.upstream.config;
    const raw =
      prefix !== undefined && name.startsWith(`${prefix}_`) ? name.slice(prefix.length + 1) : name;
    const found = held.get(raw) ?? held.get(name);
    return found === undefined
      ? new ToolNotFoundError(name)
      : new UpstreamToolHeldError(this.name, found.tool, found.reason);
  }

  async #followTools(): Promise<void> {
    for await (const event of this.#options.upstream.events.read(this.#life.signal)) {
      if (event.kind !== "tools-changed") continue;
      this.#options.list.forget(event.client);
      this.reset();
    }
  }

  /** A log message goes to a client only where it can be for no other. */
  #takeLog(message: JsonObject, client: UpstreamClient): void {
    this.#options.logger.debug("an upstream's log message", { message });
    const onlyOne = this.#route.active.onlyOneOn(client);
    if (onlyOne === undefined) return;
    passLog(onlyOne, message, this.#options.upstream.logGates.of(client));
  }
}

/** What of a configuration decides the list; functions and secrets do not. */
function toPlain({ transport, ...rest }: UpstreamToolsOptions["upstream"]["config"]): JsonObject {
  const where =
    transport.kind === "stdio"
      ? transport.argv
      : transport.kind === "custom"
        ? []
        : [transport.url];
  return JSON.parse(JSON.stringify({ ...rest, kind: transport.kind, where }));
}
