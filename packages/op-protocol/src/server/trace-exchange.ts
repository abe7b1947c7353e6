import { failureCode, type SpanAttributes, type TraceContext, type Tracer } from "op-core";
import type { Exchange } from "./exchange.ts";
import type { McpHost } from "./mcp-host.ts";
import type { Method } from "./method.ts";

/** What answering in a span takes. */
export interface TraceExchangeOptions {
  readonly tracer: Tracer;
  readonly host: McpHost;
  readonly exchange: Exchange;
  readonly method: Method;
}

/**
 * Answers a request in a span, by the names OpenTelemetry has for MCP. The request's own `_meta` says which trace it is
 * part of, and else whatever carried it.
 */
export async function traceExchange(options: TraceExchangeOptions): Promise<object> {
  const { tracer, host, exchange, method } = options;
  const parent = traceIn(exchange) ?? exchange.trace;
  const tool = toolOf(exchange, host);
  const span = tracer.start(tool === undefined ? exchange.method : `${exchange.method} ${tool}`, {
    kind: "server",
    attributes: attributesOf(exchange, tool),
    ...(parent === undefined ? {} : { parent }),
  });
  try {
    return await method.handle({ ...exchange, span });
  } catch (error) {
    span.fail(exchange.signal.aborted ? "cancelled" : failureCode(error));
    throw error;
  } finally {
    span.end();
  }
}

function traceIn({ meta }: Exchange): TraceContext | undefined {
  const { traceparent, tracestate } = meta;
  if (typeof traceparent !== "string") return undefined;
  return typeof tracestate === "string" ? { traceparent, tracestate } : { traceparent };
}

/** The tool a call is for, where there is one: what else a client writes there may be anything. */
function toolOf({ method, params }: Exchange, { tools }: McpHost): string | undefined {
  const { name } = params;
  if (method !== "tools/call" || typeof name !== "string") return undefined;
  return tools.find(name)?.name;
}

function attributesOf(exchange: Exchange, tool: string | undefined): SpanAttributes {
  const { id, method, sessionId, speech, transport } = exchange;
  const revision = speech.era === "modern" ? speech.revision : speech.session.revision;
  return {
    "mcp.method.name": method,
    "mcp.protocol.version": revision,
    "mcp.session.id": sessionId,
    "jsonrpc.request.id": String(id).slice(0, mostIdLength),
    "op_mcp.transport": transport,
    ...(tool === undefined
      ? {}
      : { "gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": tool }),
  };
}

/** An id is the client's to choose; one this long is no number any more. */
const mostIdLength = 64;
