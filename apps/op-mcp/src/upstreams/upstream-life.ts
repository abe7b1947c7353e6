import { createSingleFlight } from "op-core";
import type { Tool } from "op-tools";
import type { UpstreamSettings } from "op-aggregator/config";
import type { OpenedUpstream } from "./open-upstream.ts";

/** What a life takes. */
export interface UpstreamLifeOptions {
  readonly settings: UpstreamSettings;
  readonly open: (settings: UpstreamSettings, signal: AbortSignal) => Promise<OpenedUpstream>;
}

/** One server as it was configured for a while: opened when something of it is used, until its configuration changes. */
export class UpstreamLife implements AsyncDisposable {
  readonly settings: UpstreamSettings;
  readonly #open: UpstreamLifeOptions["open"];
  readonly #ended = new AbortController();
  readonly #whenOpened = Promise.withResolvers<OpenedUpstream>();
  readonly #opening = createSingleFlight<"code", OpenedUpstream>();
  readonly #tools = new Map<string, Promise<Tool>>();
  #opened: OpenedUpstream | undefined;
  #users = 0;
  #whenUnused: (() => void) | undefined;

  constructor({ settings, open }: UpstreamLifeOptions) {
    this.settings = settings;
    this.#open = open;
    // Nobody may be waiting when it ends.
    this.#whenOpened.promise.catch(() => undefined);
  }

  /** Aborts when the server is configured in another way, or not at all. */
  get ended(): AbortSignal {
    return this.#ended.signal;
  }

  /** The server, if something used it already. */
  get opened(): OpenedUpstream | undefined {
    return this.#opened;
  }

  /** Resolves when something used it; rejects when it ended before that. */
  get whenOpened(): Promise<OpenedUpstream> {
    return this.#whenOpened.promise;
  }

  /** Works with the server, which is not closed meanwhile. */
  async use<T>(work: (opened: OpenedUpstream) => Promise<T>): Promise<T> {
    this.#users += 1;
    try {
      return await work(this.#opened ?? (await this.#opening.run("code", () => this.#load())));
    } finally {
      this.#users -= 1;
      if (this.#users === 0) this.#whenUnused?.();
    }
  }

  /** A tool of the server, loaded once. */
  toolOf({ sources }: OpenedUpstream, name: string, signal: AbortSignal): Promise<Tool> {
    const known = this.#tools.get(name);
    if (known !== undefined) return known;
    const loading = sources.tools.load(name, { signal });
    this.#tools.set(name, loading);
    loading.catch(() => this.#tools.delete(name));
    return loading;
  }

  /** Has nobody begin to use it, and ends when nobody does any more. */
  async retire(): Promise<void> {
    this.#end();
    if (this.#users > 0)
      await new Promise<void>((resolve) => {
        this.#whenUnused = resolve;
      });
    await this[Symbol.asyncDispose]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#end();
    await this.#opened?.[Symbol.asyncDispose]();
  }

  #end(): void {
    this.#ended.abort(new Error("the server is configured in another way"));
    this.#whenOpened.reject(this.#ended.signal.reason);
  }

  async #load(): Promise<OpenedUpstream> {
    const opened = await this.#open(this.settings, this.ended);
    if (this.ended.aborted) {
      await opened[Symbol.asyncDispose]();
      throw this.ended.reason;
    }
    this.#opened = opened;
    this.#whenOpened.resolve(opened);
    return opened;
  }
}
