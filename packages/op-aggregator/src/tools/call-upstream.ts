import { hash } from "node:crypto";
import { canonicalJson, inSpan, type JsonObject, type Span } from "op-core";
import type { InputAnswerer, UpstreamClient, UpstreamRequestOptions } from "op-protocol/client";
import type { ProgressUpdate, ToolContext, ToolResult } from "op-tools";
import type { ActiveCalls } from "../calls/active-calls.ts";
import type { ParkedCalls } from "../calls/parked-calls.ts";
import type { UriMap } from "../resources/uri-map.ts";
import type { Turn, Upstream } from "../upstreams/upstream.ts";
import { toToolResult } from "./convert-result.ts";
import type { OfferedTool } from "./offer-tool.ts";

/** What calling an upstream's tools takes. */
export interface CallRoute {
  readonly upstream: Upstream;
  readonly parked: ParkedCalls;
  readonly uris: UriMap;
  /** The calls that are under way, to find whom a log message is for. */
  readonly active: ActiveCalls;
}

function isEmpty(object: JsonObject): boolean {
  for (const _key in object) return false;
  return true;
}

/** What a client says of itself and its connection is about this server; the rest of `_meta` goes on. */
function toUpstreamMeta(meta: JsonObject): JsonObject {
  if (isEmpty(meta)) return meta;
  return Object.fromEntries(
    Object.entries(meta).filter(
      ([key]) => key !== "progressToken" && !key.startsWith("io.modelcontextprotocol/"),
    ),
  );
}

function toProgress(params: JsonObject): ProgressUpdate | undefined {
  const { progress, total, message } = params;
  if (typeof progress !== "number") return undefined;
  return {
    progress,
    ...(typeof total === "number" ? { total } : {}),
    ...(typeof message === "string" ? { message } : {}),
  };
}

function toParams(
  { upstreamName, pin }: OfferedTool,
  args: JsonObject,
  meta: JsonObject,
): JsonObject {
  const params = { name: upstreamName, arguments: isEmpty(pin) ? args : { ...args, ...pin } };
  return isEmpty(meta) ? params : { ...params, _meta: meta };
}

/** One call as it came. */
interface IncomingCall {
  readonly name: string;
  readonly args: JsonObject;
  readonly context: ToolContext;
}

/** Says what a tool is now, over a connection where that is not known. */
export type FindTool = (
  client: UpstreamClient,
  signal: AbortSignal,
) => OfferedTool | Promise<OfferedTool>;

function progressOf({ meta, reportProgress }: ToolContext): UpstreamRequestOptions {
  if (!("progressToken" in meta)) return {};
  return {
    onProgress: (told) => {
      const update = toProgress(told);
      if (update !== undefined) reportProgress(update);
    },
  };
}

function turnOf({ session }: InputAnswerer, signal: AbortSignal, { principal }: ToolContext): Turn {
  return { signal, session, user: principal.id, isCall: true };
}

/** Calls a tool at its upstream, whose own spans come under the one of this hop. */
export async function callUpstream(
  find: FindTool,
  route: CallRoute,
  call: IncomingCall,
): Promise<ToolResult> {
  const attributes = {
    "mcp.method.name": "tools/call",
    "gen_ai.tool.name": call.name,
    "op_mcp.upstream": route.upstream.name,
  };
  const hop = { name: `tools/call ${call.name}`, kind: "client", attributes } as const;
  return await inSpan(call.context.span, hop, (span) => callInside(find, route, { ...call, span }));
}

async function callInside(
  find: FindTool,
  { upstream, parked, uris, active }: CallRoute,
  { name, args, context, span }: IncomingCall & { readonly span: Span | undefined },
): Promise<ToolResult> {
  const meta = { ...toUpstreamMeta(context.meta), ...span?.trace };
  const key = (): string => {
    const identity = { upstream: upstream.name, principal: context.principal.id, name, args };
    return hash("sha256", canonicalJson(identity));
  };
  const number = active.begin(context);
  try {
    const result = await parked.run({ key, session: context.sessionId }, context, (input, signal) =>
      upstream.run(turnOf(input, signal, context), async (client) => {
        const offered = await find(client, signal);
        return await client.request("tools/call", toParams(offered, args, meta), {
          input,
          signal,
          hints: { inputSchema: offered.inputSchema },
          ...progressOf(context),
        });
      }),
    );
    return toToolResult(result, uris);
  } finally {
    active.end(number);
  }
}
