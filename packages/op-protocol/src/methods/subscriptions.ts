import type { ReadOptions, ResourceSource } from "op-tools";
import { isJsonObject } from "op-core";
import { invalidParams } from "../json-rpc/json-rpc-error.ts";
import { metaKeys } from "../revisions/envelope.ts";
import type { ChangeFeed, HostChange, ListKind } from "../server/change-feed.ts";
import type { Exchange } from "../server/exchange.ts";
import { modernOnly, type MethodTable } from "../server/method.ts";
import { followResource, mostSubscriptions } from "../server/resource-subscriptions.ts";

/** The notification that tells a list changed. */
export function listChangedMethod(list: ListKind): string {
  return `notifications/${list}/list_changed`;
}

interface Filter {
  readonly lists: ReadonlySet<ListKind>;
  readonly uris: ReadonlySet<string>;
}

const filterKeys = {
  tools: "toolsListChanged",
  resources: "resourcesListChanged",
  prompts: "promptsListChanged",
} as const satisfies Record<ListKind, string>;

const listKinds = ["tools", "resources", "prompts"] as const;

function parseFilter({ params }: Exchange): Filter {
  const { notifications } = params;
  if (!isJsonObject(notifications)) throw invalidParams("params.notifications must be an object.");
  const { resourceSubscriptions: uris = [] } = notifications;
  if (
    !Array.isArray(uris) ||
    uris.length > mostSubscriptions ||
    !uris.every((uri): uri is string => typeof uri === "string")
  ) {
    throw invalidParams(
      `params.notifications.resourceSubscriptions must be at most ${mostSubscriptions} strings.`,
    );
  }
  const lists = listKinds.filter((list) => notifications[filterKeys[list]] === true);
  return { lists: new Set(lists), uris: new Set(uris) };
}

function toAccepted({ lists, uris }: Filter): object {
  const accepted = Object.fromEntries([...lists].map((list) => [filterKeys[list], true]));
  return uris.size === 0 ? accepted : { ...accepted, resourceSubscriptions: [...uris] };
}

function tell(
  { lists, uris }: Filter,
  change: HostChange,
  notify: (method: string, params?: object) => void,
): void {
  if (change.kind === "list-changed") {
    if (lists.has(change.list)) notify(listChangedMethod(change.list));
  } else if (uris.has(change.uri)) {
    notify("notifications/resources/updated", { uri: change.uri });
  }
}

/** What is listened to. */
interface Listened {
  readonly feed: ChangeFeed;
  readonly sources: readonly ResourceSource[];
}

async function untilAborted(signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

/** Keeps a stream of notifications open until the client cancels it or the server leaves. */
async function listen({ feed, sources }: Listened, exchange: Exchange): Promise<object> {
  const filter = parseFilter(exchange);
  const { principal } = exchange;
  const ended = AbortSignal.any([exchange.leaving, exchange.signal]);
  const over = new AbortController();
  const signal = AbortSignal.any([ended, over.signal]);
  const _meta = { [metaKeys.subscriptionId]: exchange.id };
  const notify = (method: string, params: object = {}): void =>
    exchange.notify(method, { ...params, _meta });
  try {
    const options: ReadOptions = { principal, signal };
    await Promise.all([...filter.uris].map((uri) => followResource(sources, uri, options)));
    notify("notifications/subscriptions/acknowledged", { notifications: toAccepted(filter) });
    using _subscription = feed.onChange((change) => tell(filter, change, notify));
    await untilAborted(ended);
  } catch (error) {
    if (!exchange.leaving.aborted) throw error;
  } finally {
    // One that is refused refuses all: the others are no longer followed.
    over.abort();
  }
  exchange.signal.throwIfAborted();
  return { _meta };
}

/** The method whose answer comes when nobody listens any more. */
export const listenMethod = "subscriptions/listen";

/** `subscriptions/listen`. */
export function createSubscriptionMethods(listened: Listened): MethodTable {
  return {
    [listenMethod]: {
      eras: modernOnly,
      staysOpen: true,
      handle: (exchange) => listen(listened, exchange),
    },
  };
}
