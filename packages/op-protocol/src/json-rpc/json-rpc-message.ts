import { isJsonObject, type JsonObject, type JsonValue } from "op-core";

/** Names a request among those its sender has in flight. */
export type RequestId = string | number;

/** A request. */
export interface RpcRequest {
  readonly jsonrpc: "2.0";
  readonly id: RequestId;
  readonly method: string;
  readonly params?: JsonObject;
}

/** A message that expects no answer. */
export interface RpcNotification {
  readonly jsonrpc: "2.0";
  readonly method: string;
  readonly params?: JsonObject;
}

/** What a failed request answers. */
export interface RpcErrorBody {
  readonly code: number;
  readonly message: string;
  readonly data?: JsonValue;
}

/** An answer. The id is left out when the request's own could not be read. */
export type RpcResponse =
  | { readonly jsonrpc: "2.0"; readonly id: RequestId; readonly result: object }
  | { readonly jsonrpc: "2.0"; readonly id?: RequestId; readonly error: RpcErrorBody };

/** Any message on its way out; what it carries is turned into JSON by the transport. */
export type RpcMessage =
  | (Omit<RpcRequest, "params"> & { readonly params?: object })
  | (Omit<RpcNotification, "params"> & { readonly params?: object })
  | RpcResponse;

/** What a parsed line turned out to be. */
export type Classified =
  | { readonly kind: "request"; readonly request: RpcRequest }
  | { readonly kind: "notification"; readonly notification: RpcNotification }
  | { readonly kind: "response"; readonly response: RpcResponse }
  | { readonly kind: "invalid"; readonly id?: RequestId; readonly problem: string };

function isRequestId(value: unknown): value is RequestId {
  return typeof value === "string" || (typeof value === "number" && Number.isSafeInteger(value));
}

function invalid(message: JsonObject, problem: string): Classified {
  const id = message["id"];
  return isRequestId(id) ? { kind: "invalid", id, problem } : { kind: "invalid", problem };
}

function classifyCall(message: JsonObject, method: string): Classified {
  const params = message["params"];
  if (params !== undefined && !isJsonObject(params)) {
    return invalid(message, "params must be an object");
  }
  if (!("id" in message)) {
    const rest = params === undefined ? {} : { params };
    return { kind: "notification", notification: { jsonrpc: "2.0", method, ...rest } };
  }
  const id = message["id"];
  if (!isRequestId(id)) return invalid(message, "id must be a string or an integer");
  const request: RpcRequest =
    params === undefined ? { jsonrpc: "2.0", id, method } : { jsonrpc: "2.0", id, method, params };
  return { kind: "request", request };
}

function classifyAnswer(message: JsonObject): Classified {
  const id = message["id"];
  const result = message["result"];
  if (isRequestId(id) && isJsonObject(result)) {
    return { kind: "response", response: { jsonrpc: "2.0", id, result } };
  }
  const error = message["error"];
  if (isRequestId(id) && isJsonObject(error)) {
    const { code, message: text, data } = error;
    const body = {
      code: typeof code === "number" ? code : 0,
      message: typeof text === "string" ? text : "",
      ...(data === undefined ? {} : { data }),
    };
    return { kind: "response", response: { jsonrpc: "2.0", id, error: body } };
  }
  return invalid(message, "neither a request, a notification nor a response");
}

/** Tells what a parsed message is, without trusting any of it. */
export function classifyMessage(message: unknown): Classified {
  if (Array.isArray(message)) return { kind: "invalid", problem: "batches are not supported" };
  if (!isJsonObject(message)) return { kind: "invalid", problem: "a message must be an object" };
  if (message["jsonrpc"] !== "2.0") return invalid(message, 'jsonrpc must be "2.0"');
  const method = message["method"];
  if (typeof method === "string") return classifyCall(message, method);
  return method === undefined
    ? classifyAnswer(message)
    : invalid(message, "method must be a string");
}
