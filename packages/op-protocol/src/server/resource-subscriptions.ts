import { abortable, type Logger } from "op-core";
import type { Principal, ReadOptions, ResourceSource, ToolContext } from "op-tools";
import { invalidParams, JsonRpcError, rpcCodes } from "../json-rpc/json-rpc-error.ts";

/** How many resources one client may be told of. */
export const mostSubscriptions = 1000;

/**
 * Has the source of a resource tell its changes until the signal aborts, where it does so on request. Rejects with the
 * source's error when the principal may not hear of them.
 */
export async function followResource(
  sources: readonly ResourceSource[],
  uri: string,
  options: ReadOptions & Pick<Partial<ToolContext>, "sessionId">,
): Promise<void> {
  await sources.find((source) => source.owns(uri))?.follow?.(uri, options);
}

/** What a session's subscriptions are made of. */
export interface ResourceSubscriptionsOptions {
  readonly sources: readonly ResourceSource[];
  readonly sessionId: string;
  readonly logger: Logger;
}

interface Subscription {
  readonly controller: AbortController;
  /** Resolves when the source tells its changes. */
  readonly following: Promise<void>;
}

const givenUp = new JsonRpcError(
  rpcCodes.invalidRequest,
  "The subscription was given up before it had begun.",
);

/** The resources a client of the handshake era subscribed to, each followed until it unsubscribes or leaves. */
export class ResourceSubscriptions implements Disposable {
  readonly #options: ResourceSubscriptionsOptions;
  readonly #held = new Map<string, Subscription>();
  #isOver = false;

  constructor(options: ResourceSubscriptionsOptions) {
    this.#options = options;
  }

  get uris(): readonly string[] {
    return [...this.#held.keys()];
  }

  has(uri: string): boolean {
    return this.#held.has(uri);
  }

  /** Resolves when the client hears of the resource's changes; rejects with the error of the source that refuses. */
  async add(uri: string, { principal, signal }: ReadOptions): Promise<void> {
    const held = this.#held.get(uri) ?? this.#beginOneMore(uri, principal);
    await abortable(held.following, signal);
  }

  delete(uri: string): void {
    this.#held.get(uri)?.controller.abort(givenUp);
    this.#held.delete(uri);
  }

  /** Takes over what was subscribed to in another process; what is refused now is no longer subscribed to. */
  adopt(uris: readonly string[], principal: Principal): void {
    for (const uri of this.uris) if (!uris.includes(uri)) this.delete(uri);
    for (const uri of uris) {
      const { following } = this.#held.get(uri) ?? this.#begin(uri, principal);
      following.catch((error: unknown) =>
        this.#options.logger.warn("a subscription could not be taken over", { uri, error }),
      );
    }
  }

  [Symbol.dispose](): void {
    this.#isOver = true;
    for (const uri of this.uris) this.delete(uri);
  }

  #beginOneMore(uri: string, principal: Principal): Subscription {
    if (this.#held.size >= mostSubscriptions) {
      throw invalidParams(`A client may subscribe to ${mostSubscriptions} resources at most.`);
    }
    return this.#begin(uri, principal);
  }

  #begin(uri: string, principal: Principal): Subscription {
    const controller = new AbortController();
    if (this.#isOver) controller.abort(givenUp);
    const { signal } = controller;
    const { sources, sessionId } = this.#options;
    const following = followResource(sources, uri, { principal, signal, sessionId });
    const held = { controller, following };
    if (!this.#isOver) this.#held.set(uri, held);
    following.catch(() => {
      if (this.#held.get(uri) === held) this.delete(uri);
    });
    return held;
  }
}
