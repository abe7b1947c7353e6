import { isJsonObject, type JsonObject } from "op-core";
import { metaKeys } from "op-protocol";
import type { UpstreamRequestOptions } from "op-protocol/client";
import type { ProgressUpdate, ToolContext } from "op-tools";
import type { Turn } from "../upstreams/upstream.ts";

/** What surrounds a request of a client, and goes on to the upstream or comes back from it. */
export type Surroundings = Pick<
  ToolContext,
  "principal" | "sessionId" | "meta" | "reportProgress" | "logToClient" | "clientLogLevel"
>;

export function isEmpty(object: JsonObject): boolean {
  for (const _key in object) return false;
  return true;
}

/** What a client says of itself and its connection is about this server; the rest of `_meta` goes on. */
export function toUpstreamMeta(meta: JsonObject): JsonObject {
  if (isEmpty(meta)) return meta;
  return Object.fromEntries(
    Object.entries(meta).filter(
      ([key]) => key !== "progressToken" && !key.startsWith("io.modelcontextprotocol/"),
    ),
  );
}

function isProgress(params: JsonObject): params is JsonObject & ProgressUpdate {
  return typeof params["progress"] === "number";
}

/** Tells the client how far its request has come, as the upstream tells it; nothing where it does not want to know. */
export function progressOf(context: Surroundings): UpstreamRequestOptions["onProgress"] {
  if (!("progressToken" in context.meta)) return undefined;
  return ({ progressToken: _ours, ...told }) => {
    if (isProgress(told)) context.reportProgress(told);
  };
}

/** What the client of a stateless request said that it can do; others said it once, to whom they speak with. */
export function capabilitiesOf({ meta }: Surroundings): UpstreamRequestOptions["capabilities"] {
  const capabilities = meta[metaKeys.clientCapabilities];
  return isJsonObject(capabilities) ? capabilities : undefined;
}

/** Whose connection is used: a client without a session is nobody but who speaks. */
export function turnOf(
  { meta, principal: { id: user }, sessionId }: Surroundings,
  signal: AbortSignal,
  mayRepeat: () => boolean,
): Turn {
  const isAlone = metaKeys.protocolVersion in meta;
  return { session: isAlone ? user : sessionId, user, isAlone, isCall: true, signal, mayRepeat };
}
