import { backoffDelayMs, defaultBackoffPolicy, sleep, type Clock, type Logger } from "op-core";
import { isModernRevision } from "op-protocol";
import type { UpstreamClient } from "op-protocol/client";

/** What following a resource takes of an upstream. */
export interface FollowableUpstream {
  /** Lends the connection that is kept as long as somebody follows something. */
  lend<T>(signal: AbortSignal, work: (client: UpstreamClient) => Promise<T>): Promise<T>;
  /** Resolves when a connection is lost, or the signal aborts. */
  untilLost(client: UpstreamClient, signal: AbortSignal): Promise<void>;
}

/** What surrounds the following of one resource. */
export interface FollowOptions {
  readonly uri: string;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Told after each interruption: what changed meanwhile nobody said. */
  readonly onResumed: () => void;
}

/**
 * Has a server tell when a resource changes, until the signal aborts. Resolves when it does so, or rejects with its
 * refusal; from then on a lost connection is made again and told again.
 */
export async function followResource(
  upstream: FollowableUpstream,
  options: FollowOptions,
): Promise<void> {
  const begun = Promise.withResolvers<void>();
  void keepFollowing(upstream, options, begun);
  await begun.promise;
}

async function keepFollowing(
  upstream: FollowableUpstream,
  { uri, signal, clock, logger, onResumed }: FollowOptions,
  begun: PromiseWithResolvers<void>,
): Promise<void> {
  let hasBegun = false;
  let failures = 0;
  const onTold = (): void => {
    if (hasBegun) onResumed();
    hasBegun = true;
    failures = 0;
    begun.resolve();
  };
  while (!signal.aborted) {
    try {
      await upstream.lend(signal, (client) => hold({ client, upstream, uri, signal }, onTold));
    } catch (error) {
      if (!hasBegun) {
        begun.reject(error);
        return;
      }
      logger.debug("a resource is not followed for the moment", { uri, error });
    }
    failures += 1;
    const waitMs = backoffDelayMs(failures, defaultBackoffPolicy);
    await sleep(waitMs, { clock, signal }).catch(() => undefined);
  }
  begun.resolve();
}

interface Held {
  readonly client: UpstreamClient;
  readonly upstream: FollowableUpstream;
  readonly uri: string;
  readonly signal: AbortSignal;
}

/** Follows over one connection, until that is lost. In the stateless era, listening is a request without end. */
async function hold({ client, upstream, uri, signal }: Held, onTold: () => void): Promise<void> {
  if (isModernRevision(client.profile?.revision ?? "")) {
    const params = { notifications: { resourceSubscriptions: [uri] } };
    const listening = client.request("subscriptions/listen", params, {
      signal,
      timeoutMs: Infinity,
    });
    onTold();
    await listening;
    return;
  }
  await client.request("resources/subscribe", { uri }, { signal });
  const lost = upstream.untilLost(client, signal);
  onTold();
  await lost;
  if (signal.aborted && client.isConnected) await client.request("resources/unsubscribe", { uri });
}
