import { isJsonObject, type JsonObject, type Tracer } from "op-core";
import { JsonRpcError, rpcCodes } from "../json-rpc/json-rpc-error.ts";
import type { RpcRequest } from "../json-rpc/json-rpc-message.ts";
import { metaKeys } from "../revisions/envelope.ts";
import type { Exchange, Speech } from "./exchange.ts";
import type { McpHost, ServerInfo } from "./mcp-host.ts";
import type { Method, MethodTable } from "./method.ts";
import { traceExchange } from "./trace-exchange.ts";

/** What surrounds a request, whichever way it came. */
export type Caller = Omit<Exchange, "id" | "method" | "params" | "meta">;

/** Answers a request with a result, or throws the error that is its answer. */
export type Dispatch = (request: RpcRequest, caller: Caller) => Promise<object>;

const noMeta: JsonObject = {};
const noParams: JsonObject = {};

/** The `_meta` of parameters, empty where there is none. */
export function metaOf(params: JsonObject = noParams): JsonObject {
  const meta = params["_meta"];
  return isJsonObject(meta) ? meta : noMeta;
}

function findMethod(methods: MethodTable, name: string, { era }: Speech): Method {
  const method = Object.hasOwn(methods, name) ? methods[name] : undefined;
  if (method === undefined || !method.eras.includes(era)) {
    throw new JsonRpcError(rpcCodes.methodNotFound, `Method not found: ${name}`);
  }
  return method;
}

function complete(result: object, { cache }: Method, info: ServerInfo): object {
  const meta = "_meta" in result && isJsonObject(result._meta) ? result._meta : noMeta;
  const _meta = { ...meta, [metaKeys.serverInfo]: info };
  return { resultType: "complete", ...cache, ...result, _meta };
}

/** The one way from a request to its result, for connections and for requests that stand alone. */
export function createDispatch(methods: MethodTable, host: McpHost, tracer?: Tracer): Dispatch {
  return async ({ id, method: name, params = noParams }, caller) => {
    const method = findMethod(methods, name, caller.speech);
    const exchange = { id, method: name, params, meta: metaOf(params), ...caller };
    const result =
      tracer === undefined
        ? await method.handle(exchange)
        : await traceExchange({ tracer, host, exchange, method });
    return caller.speech.era === "modern" ? complete(result, method, host.info) : result;
  };
}
