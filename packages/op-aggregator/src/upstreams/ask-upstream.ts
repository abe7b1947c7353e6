import { isJsonObject, type JsonObject } from "op-core";
import { requestInputs, type AskingReadOptions } from "op-protocol";
import { listAll, type ListMethod } from "op-protocol/client";
import type { Completion, CompletionRequest, ReadOptions, SourceOptions } from "op-tools";
import type { Upstream } from "./upstream.ts";

/** Sends a request that may be asked back, for a person who reads or fills in. */
export function request(
  upstream: Upstream,
  method: string,
  params: JsonObject,
  { signal, principal, ask }: ReadOptions & Partial<AskingReadOptions>,
): Promise<JsonObject> {
  const { id: user } = principal;
  if (ask === undefined) return upstream.request(method, params, { signal, user });
  return upstream.request(method, params, {
    signal,
    user,
    input: { session: user, answer: (requests) => requestInputs(ask, requests) },
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
