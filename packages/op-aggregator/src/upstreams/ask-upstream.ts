import { hash } from "node:crypto";
import { canonicalJson, isJsonObject, type JsonObject } from "op-core";
import type { AskingReadOptions } from "op-protocol";
import { listAll, type ListMethod } from "op-protocol/client";
import type { Completion, CompletionRequest, ReadOptions, SourceOptions } from "op-tools";
import type { ParkedCalls } from "../calls/parked-calls.ts";
import type { Upstream } from "./upstream.ts";

/** What asking an upstream for something to read takes. */
export interface ReadRoute {
  readonly upstream: Upstream;
  readonly parked: ParkedCalls;
}

/**
 * Sends a request for a person who reads or fills in. The upstream may ask that person back; the request then waits for
 * the one that brings the answer, as a tool's call does.
 */
export function request(
  { upstream, parked }: ReadRoute,
  method: string,
  params: JsonObject,
  { signal, principal, ask }: ReadOptions & Partial<AskingReadOptions>,
): Promise<JsonObject> {
  const { id: user } = principal;
  if (ask === undefined) return upstream.request(method, params, { signal, user });
  const key = (): string =>
    hash("sha256", canonicalJson({ upstream: upstream.name, user, method, params }));
  return parked.run({ key, session: user }, { ask, signal, meta: {} }, (input) => {
    const mayRepeat = (): boolean => !input.hasAsked;
    const turn = { user, isAlone: true, mayRepeat };
    return upstream.request(method, params, { ...turn, input, signal: input.signal });
  });
}

/** Everything in one of the server's lists; nothing where it has none. */
export async function readList(
  upstream: Upstream,
  method: ListMethod,
  { signal }: SourceOptions,
): Promise<readonly JsonObject[]> {
  signal.throwIfAborted();
  const [kind = ""] = method.split("/");
  await upstream.connect(undefined, signal);
  if (!isJsonObject(upstream.profile?.capabilities[kind])) return [];
  const pages = {
    request: (name: string, params?: JsonObject) =>
      upstream.request(name, params ?? {}, { signal, isCall: false }),
  };
  return await Array.fromAsync(listAll(pages, method, { signal }));
}

/** Has an argument completed. */
export async function complete(
  upstream: Upstream,
  { ref, wanted }: { readonly ref: JsonObject; readonly wanted: CompletionRequest },
  { signal, principal }: ReadOptions,
): Promise<Completion> {
  const params = {
    ref,
    argument: { name: wanted.argument, value: wanted.value },
    ...(Object.keys(wanted.known).length === 0 ? {} : { context: { arguments: wanted.known } }),
  };
  const { completion } = await upstream.request("completion/complete", params, {
    signal,
    user: principal.id,
  });
  return parseCompletion(completion);
}

function parseCompletion(value: unknown): Completion {
  if (typeof value !== "object" || value === null || !("values" in value)) return { values: [] };
  const { values } = value;
  const texts = Array.isArray(values) ? values.filter((one) => typeof one === "string") : [];
  return "total" in value && typeof value.total === "number"
    ? { values: texts, total: value.total }
    : { values: texts };
}
