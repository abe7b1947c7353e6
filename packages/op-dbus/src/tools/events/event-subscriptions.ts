import { randomUUID } from "node:crypto";
import { createSingleFlight, type SingleFlight, type Timer } from "op-core";
import { TooManySubscriptionsError, UnknownMemberError } from "../dbus-tools-error.ts";
import type { DBusRuntime } from "../dbus-runtime.ts";
import { EventSubscription } from "./event-subscription.ts";
import { openSignals, tellSignal, type Listening } from "./listening.ts";
import type { SystemdSubscription } from "./systemd-subscription.ts";

/** What subscriptions are bounded by. */
export interface EventSubscriptionsOptions {
  readonly runtime: DBusRuntime;
  readonly systemd: SystemdSubscription;
  /** How many events one subscription keeps. */
  readonly ringSize: number;
  /** How many there are at most; the one that was not read for longest goes first. */
  readonly maxSubscriptions: number;
  /** A subscription that nobody reads for this long ends. */
  readonly idleMs: number;
}

interface Held {
  readonly subscription: EventSubscription;
  usedAt: number;
  /** How many follow it: it does not end before they do, although nobody reads it. */
  followers: number;
}

interface SubscribingOptions {
  readonly signal: AbortSignal;
  /** Called after each event that came in. */
  readonly onEvent?: () => void;
}

/** The signals that callers listen to, each in a ring of its own. */
export class EventSubscriptions implements AsyncDisposable {
  readonly #options: EventSubscriptionsOptions;
  readonly #held = new Map<string, Held>();
  readonly #opening: SingleFlight<string, EventSubscription> = createSingleFlight();
  readonly #ending = new Set<Promise<void>>();
  #timer: Timer | undefined;
  #isClosed = false;

  constructor(options: EventSubscriptionsOptions) {
    this.#options = options;
  }

  /** The subscription of a caller to these signals, opened where there is none. */
  async get(listening: Listening, options: SubscribingOptions): Promise<EventSubscription> {
    const key = keyOf(listening);
    const held = this.#held.get(key);
    if (held !== undefined && !held.subscription.hasEnded) {
      held.usedAt = this.#now();
      return held.subscription;
    }
    const open = (shared: AbortSignal): Promise<EventSubscription> =>
      this.#open(key, listening, { ...options, signal: shared });
    return await this.#opening.run(key, open, { signal: options.signal });
  }

  /** Listens until the signal aborts; rejects with `ERR_DBUS_TOO_MANY_SUBSCRIPTIONS` where all that may be are followed. */
  async follow(listening: Listening, options: SubscribingOptions): Promise<void> {
    const subscription = await this.get(listening, options);
    const held = this.#held.get(keyOf(listening));
    if (held?.subscription !== subscription) {
      const { service } = listening.selection;
      throw new TooManySubscriptionsError(service, this.#options.maxSubscriptions);
    }
    options.signal.throwIfAborted();
    held.followers += 1;
    const release = (): void => {
      held.followers -= 1;
      held.usedAt = this.#now();
    };
    options.signal.addEventListener("abort", release, { once: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    this.#timer?.[Symbol.dispose]();
    for (const key of this.#held.keys()) this.#end(key);
    await Promise.all(this.#ending);
  }

  async #open(
    key: string,
    listening: Listening,
    { signal, onEvent }: SubscribingOptions,
  ): Promise<EventSubscription> {
    const { runtime, systemd, ringSize, maxSubscriptions } = this.#options;
    await describeIfThere(listening, signal);
    await using guard = new AsyncDisposableStack();
    const stream = guard.use(await openSignals(listening, signal));
    await systemd.ensure(listening.catalogue, listening.selection.service, signal);
    signal.throwIfAborted();
    guard.move();
    const subscription = new EventSubscription({
      epoch: randomUUID().slice(0, 8),
      stream,
      toEvent: (received) => tellSignal(listening, received),
      ringSize,
      clock: runtime.clock,
      ...(onEvent === undefined ? {} : { onEvent }),
    });
    this.#end(key);
    this.#held.set(key, { subscription, usedAt: this.#now(), followers: 0 });
    if (this.#held.size > maxSubscriptions) this.#endOldest();
    if (this.#isClosed) this.#end(key);
    this.#sweepLater();
    return subscription;
  }

  #endOldest(): void {
    const [oldest] = [...this.#held]
      .filter(([, { followers }]) => followers === 0)
      .toSorted(([, one], [, other]) => one.usedAt - other.usedAt);
    if (oldest !== undefined) this.#end(oldest[0]);
  }

  #end(key: string): void {
    const held = this.#held.get(key);
    if (held === undefined) return;
    this.#held.delete(key);
    const ending = held.subscription[Symbol.asyncDispose]().catch((error: unknown) =>
      this.#options.runtime.logger.warn("signals could not be given up", { error }),
    );
    this.#ending.add(ending);
    void ending.finally(() => this.#ending.delete(ending));
  }

  #sweepLater(): void {
    if (this.#timer !== undefined || this.#isClosed || this.#held.size === 0) return;
    const { idleMs, runtime } = this.#options;
    this.#timer = runtime.clock.startTimer(idleMs, () => {
      this.#timer = undefined;
      const before = this.#now() - idleMs;
      for (const [key, { usedAt, followers }] of this.#held) {
        if (followers === 0 && usedAt <= before) this.#end(key);
      }
      this.#sweepLater();
    });
    this.#timer.unref();
  }

  #now(): number {
    return this.#options.runtime.clock.monotonic();
  }
}

/** The names of arguments are those of the service's description. One may also listen to what is not there yet. */
async function describeIfThere(
  { catalogue, selection }: Listening,
  signal: AbortSignal,
): Promise<void> {
  try {
    await catalogue.describe(selection.service, signal);
  } catch (error) {
    if (!(error instanceof UnknownMemberError)) throw error;
  }
}

/** Callers do not share: each hears only what it may. */
function keyOf({ catalogue, selection, caller }: Listening): string {
  const { service, interface: interfaceName, member, path, pathNamespace } = selection;
  const who = [caller.id, caller.client, ...caller.scopes];
  const what = [catalogue.target.name, service, interfaceName, member, path, pathNamespace];
  return JSON.stringify([who, what]);
}
