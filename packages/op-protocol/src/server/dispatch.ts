import { isJsonObject, type JsonObject, type Tracer } from "op-core";
import { JsonRpcError, rpcCodes } from "../json-rpc/json-rpc-error.ts";
import { metaKeys } from "../revisions/envelope.ts";
import type { Exchange, Speech } from "./exchange.ts";
import type { McpHost, ServerInfo } from "./mcp-host.ts";
import type { Method, MethodTable } from "./method.ts";
import { traceExchange } from "./trace-exchange.ts";

/** Answers a request with a result, or throws the error that is its answer, at once or later. */
export type Dispatch = (exchange: Exchange) => object | Promise<object>;

const noMeta: JsonObject = {};

/** The parameters of a request that has none. */
export const noParams: JsonObject = {};

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
  return (exchange) => {
    const { speech } = exchange;
    const method = findMethod(methods, exchange.method, speech);
    const answered =
      tracer === undefined
        ? method.handle(exchange)
        : traceExchange({ tracer, host, exchange, method });
    if (speech.era === "legacy") return answered;
    return Promise.resolve(answered).then((result) => complete(result, method, host.info));
  };
}
