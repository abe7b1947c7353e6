import { hash } from "node:crypto";
import { canonicalJson, isJsonObject, type JsonObject } from "op-core";
import type { AskingReadOptions } from "op-protocol";
import { listAll, type ListMethod } from "op-protocol/client";
import type { Completion, CompletionRequest, ReadOptions, SourceOptions } from "op-tools";
import { passLog, type ActiveCalls } from "../calls/active-calls.ts";
import type { CallStart } from "../calls/interactive-call.ts";
import type { OtherNotices } from "../calls/other-notices.ts";
import type { ParkedCalls } from "../calls/parked-calls.ts";
import { capabilitiesOf, progressOf, toUpstreamMeta, turnOf } from "../calls/pass-context.ts";
import type { Upstream } from "./upstream.ts";

/** What asking an upstream for something to read takes. */
export interface ReadRoute {
  readonly upstream: Upstream;
  readonly parked: ParkedCalls;
  /** The requests that are under way, to find whom a log message is for. */
  readonly active: ActiveCalls;
  readonly notices: OtherNotices;
}

/** A request for a person who reads or fills in. */
interface Wanted {
  readonly method: string;
  readonly params: JsonObject;
}

/** Sends a request of a client; `input` answers what the upstream asks, where it may ask. */
async function send(
  { upstream, active, notices }: ReadRoute,
  { method, params }: Wanted,
  options: AskingReadOptions,
  input?: CallStart,
): Promise<JsonObject> {
  const call = active.begin(options);
  const logLevel = active.logLevelFor(options, upstream.config);
  const { signal } = input ?? options;
  try {
    return await upstream.request(method, params, {
      ...turnOf(options, signal, () => input?.hasAsked !== true),
      // Nobody can be mistaken for somebody else where nothing is asked.
      ...(input === undefined ? { isAlone: false } : { input }),
      meta: toUpstreamMeta(options.meta),
      capabilities: capabilitiesOf(options),
      logLevel,
      onLog: logLevel === undefined ? undefined : (told, gate) => passLog(options, told, gate),
      onLent: (client) => {
        call.client = client;
        notices.join(client, options);
      },
      onNotification: (notification) => {
        if (call.client !== undefined) notices.passOn(notification, call.client, options);
      },
      onProgress: progressOf(options),
    });
  } finally {
    active.end(call);
  }
}

/**
 * Sends a request for a person who reads or fills in. The upstream may ask that person back; the request then waits for
 * the one that brings the answer, as a tool's call does.
 */
export function request(
  route: ReadRoute,
  wanted: Wanted,
  options: ReadOptions & Partial<AskingReadOptions>,
): Promise<JsonObject> {
  const { upstream, parked } = route;
  const { method, params } = wanted;
  const { signal, principal } = options;
  if (!isAsking(options)) return upstream.request(method, params, { signal, user: principal.id });
  const identity = { upstream: upstream.name, user: principal.id, method, params };
  const key = (): string => hash("sha256", canonicalJson(identity));
  return parked.run({ key, session: options.sessionId }, options, (input) =>
    send(route, wanted, options, input),
  );
}

/** Whether the request came from a client, so that something can come back to it besides the answer. */
function isAsking(options: ReadOptions & Partial<AskingReadOptions>): options is AskingReadOptions {
  return options.ask !== undefined;
}

/** Everything in one of the server's lists; nothing where it has none. */
export async function readList(
  upstream: Upstream,
  method: ListMethod,
  { signal }: SourceOptions,
): Promise<readonly JsonObject[]> {
  signal.throwIfAborted();
  const [kind = ""] = method.split("/");
  await upstream.connect({ signal, list: kind });
  if (!isJsonObject(upstream.profile?.capabilities[kind])) return [];
  const pages = {
    request: (name: string, params?: JsonObject) =>
      upstream.request(name, params ?? {}, { signal, isCall: false, list: kind }),
  };
  return await Array.fromAsync(listAll(pages, method, { signal }));
}

/** Has an argument completed. */
export async function complete(
  route: ReadRoute,
  { ref, wanted }: { readonly ref: JsonObject; readonly wanted: CompletionRequest },
  options: ReadOptions & Partial<AskingReadOptions>,
): Promise<Completion> {
  const params = {
    ref,
    argument: { name: wanted.argument, value: wanted.value },
    ...(Object.keys(wanted.known).length === 0 ? {} : { context: { arguments: wanted.known } }),
  };
  const method = "completion/complete";
  const { signal, principal } = options;
  const { completion, _meta } = await (isAsking(options)
    ? send(route, { method, params }, options)
    : route.upstream.request(method, params, { signal, user: principal.id }));
  return { ...parseCompletion(completion), ...(isJsonObject(_meta) ? { _meta } : {}) };
}

/** What is not what it must be would mislead; whatever else there is passes. */
function parseCompletion(value: unknown): Completion {
  if (!isJsonObject(value)) return { values: [] };
  const { values, total, hasMore, ...others } = value;
  return {
    ...others,
    values: Array.isArray(values) ? values.filter((one) => typeof one === "string") : [],
    ...(typeof total === "number" ? { total } : {}),
    ...(typeof hasMore === "boolean" ? { hasMore } : {}),
  };
}
