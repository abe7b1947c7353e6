import { hash } from "node:crypto";
import { canonicalJson, inSpan, isErrorOf, type JsonObject, type Span } from "op-core";
import {
  UpstreamClosedError,
  type UpstreamClient,
  type UpstreamRequestOptions,
} from "op-protocol/client";
import type { ToolContext, ToolResult } from "op-tools";
import { UpstreamCallLostError } from "../aggregator-error.ts";
import { passLog, type ActiveCalls } from "../calls/active-calls.ts";
import type { CallStart } from "../calls/interactive-call.ts";
import type { OtherNotices } from "../calls/other-notices.ts";
import type { ParkedCalls } from "../calls/parked-calls.ts";
import {
  capabilitiesOf,
  isEmpty,
  progressOf,
  toUpstreamMeta,
  turnOf,
} from "../calls/pass-context.ts";
import type { UriMap } from "../resources/uri-map.ts";
import type { Upstream } from "../upstreams/upstream.ts";
import { toToolResult } from "./convert-result.ts";
import type { OfferedTool } from "./offer-tool.ts";

/** What calling an upstream's tools takes. */
export interface CallRoute {
  readonly upstream: Upstream;
  readonly parked: ParkedCalls;
  readonly uris: UriMap;
  /** The calls that are under way, to find whom a log message is for. */
  readonly active: ActiveCalls;
  readonly notices: OtherNotices;
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

/** All that goes with a call besides its parameters. */
function optionsOf(
  client: UpstreamClient,
  context: ToolContext,
  route: CallRoute,
  { input, offered }: { readonly input: CallStart; readonly offered: OfferedTool },
): UpstreamRequestOptions {
  const logLevel = route.active.logLevelFor(context, route.upstream.config);
  return {
    input,
    signal: input.signal,
    hints: offered,
    capabilities: capabilitiesOf(context),
    logLevel,
    onLog:
      logLevel === undefined
        ? undefined
        : (message) => passLog(context, message, route.upstream.logGates.of(client)),
    onNotification: (notification) => route.notices.passOn(notification, client, context),
    onProgress: progressOf(context),
  };
}

/** Calls a tool at its upstream, whose own spans come under the one of this hop. */
export function callUpstream(
  find: FindTool,
  route: CallRoute,
  call: IncomingCall,
): Promise<ToolResult> {
  const { span } = call.context;
  // Most calls are not traced, and are not made to pay for it.
  if (span === undefined) return callInside(find, route, call);
  const attributes = {
    "mcp.method.name": "tools/call",
    "gen_ai.tool.name": call.name,
    "op_mcp.upstream": route.upstream.name,
  };
  const hop = { name: `tools/call ${call.name}`, kind: "client", attributes } as const;
  return inSpan(span, hop, (own) => callInside(find, route, call, own));
}

async function callInside(
  find: FindTool,
  route: CallRoute,
  { name, args, context }: IncomingCall,
  span?: Span,
): Promise<ToolResult> {
  const { upstream, parked, uris, active, notices } = route;
  const passed = toUpstreamMeta(context.meta);
  const meta = span === undefined ? passed : { ...passed, ...span.trace };
  const key = (): string => {
    const identity = { upstream: upstream.name, principal: context.principal.id, name, args };
    return hash("sha256", canonicalJson(identity));
  };
  let isRepeated = false;
  const call = active.begin(context);
  try {
    const result = await parked.run({ key, session: context.sessionId }, context, (input) => {
      const { signal } = input;
      let isRepeatable = false;
      const mayRepeat = (): boolean => (isRepeated = isRepeatable && !input.hasAsked);
      return upstream.run(turnOf(context, signal, mayRepeat), (client) => {
        call.client = client;
        notices.join(client, context);
        const send = (offered: OfferedTool): Promise<JsonObject> => {
          ({ isRepeatable } = offered);
          const params = toParams(offered, args, meta);
          const options = optionsOf(client, context, route, { input, offered });
          return client.request("tools/call", params, options);
        };
        const known = find(client, signal);
        return known instanceof Promise ? known.then(send) : send(known);
      });
    });
    return toToolResult(result, uris);
  } catch (error) {
    if (!isErrorOf(error, UpstreamClosedError)) throw error;
    throw new UpstreamCallLostError({ upstream: upstream.name, tool: name, isRepeated }, error);
  } finally {
    active.end(call);
  }
}
