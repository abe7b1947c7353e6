import { failureCode, isJsonObject, isOpError, type JsonObject } from "op-core";
import { CallSuspendedError, errorResult, ToolNotFoundError } from "op-tools";
import { invalidParams, JsonRpcError } from "../json-rpc/json-rpc-error.ts";
import { toCapabilityError } from "../server/client-input.ts";
import { createCallContext, type CallServices } from "../server/call-context.ts";
import type { Exchange } from "../server/exchange.ts";
import type { McpHost } from "../server/mcp-host.ts";
import { bothEras, type MethodTable } from "../server/method.ts";
import type { Pager } from "../server/page.ts";
import { toWireResult, toWireTool } from "./wire-tool.ts";

const noArguments: JsonObject = {};

function parseCall({ params }: Exchange): { readonly name: string; readonly args: JsonObject } {
  const { name, arguments: args = noArguments } = params;
  if (typeof name !== "string")
    throw invalidParams("params.name must be the name of a tool, as a string.");
  if (!isJsonObject(args)) throw invalidParams("params.arguments must be an object.");
  return { name, args };
}

/** Whether an error is the request's own, and not an outcome of the tool. */
function isProtocolError(error: unknown): boolean {
  return error instanceof JsonRpcError || error instanceof ToolNotFoundError;
}

async function call(host: McpHost, services: CallServices, exchange: Exchange): Promise<object> {
  const { name, args } = parseCall(exchange);
  const context = createCallContext(exchange, services);
  try {
    const result = await host.tools.call(name, args, context);
    if (result.isError === true) exchange.span?.fail("tool_error");
    return toWireResult(result, exchange.speech);
  } catch (thrown) {
    if (thrown instanceof CallSuspendedError) return thrown.result;
    const error = toCapabilityError(thrown, exchange);
    if (isProtocolError(error) || (exchange.signal.aborted && !isOpError(error))) throw error;
    exchange.span?.fail(exchange.signal.aborted ? "cancelled" : failureCode(error));
    exchange.refuse?.(error);
    return errorResult(error, context);
  }
}

/** `tools/list` and `tools/call`. */
export function createToolMethods(
  host: McpHost,
  pager: Pager,
  services: CallServices,
): MethodTable {
  return {
    "tools/list": {
      eras: bothEras,
      get cache() {
        const isWhole = host.areToolsKnown?.() ?? true;
        return { ttlMs: isWhole ? 60_000 : 0, cacheScope: "private" } as const;
      },
      handle: (exchange) => {
        const range = pager.range(exchange);
        const shown = host.toolsFor?.(exchange.principal) ?? host.tools;
        const tools = shown
          .slice(range.start, range.end)
          .map((tool) => toWireTool(tool, exchange.speech));
        return { tools, ...pager.next(exchange, range, shown.size) };
      },
    },
    "tools/call": { eras: bothEras, handle: (exchange) => call(host, services, exchange) },
  };
}
