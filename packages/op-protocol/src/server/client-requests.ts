import { isJsonObject, type JsonObject } from "op-core";
import type { RequestId, RpcMessage, RpcResponse } from "../json-rpc/json-rpc-message.ts";
import { JsonRpcError, rpcCodes } from "../json-rpc/json-rpc-error.ts";
import type { RequestClient } from "./exchange.ts";

interface Pending {
  resolve(result: JsonObject): void;
  reject(error: unknown): void;
}

/** Requests from the server to a client of the handshake era, and the answers to them. */
export interface ClientRequests {
  readonly request: RequestClient;
  /** Takes an answer in; whether anybody waited for it. */
  settle(response: RpcResponse): boolean;
  /** Fails everything that waits. */
  fail(reason: unknown): void;
}

function settleOne(pending: Pending, response: RpcResponse): void {
  if ("error" in response) {
    const { code, message } = response.error;
    pending.reject(new JsonRpcError(code, `The client refused: ${message}`));
  } else if (isJsonObject(response.result)) pending.resolve(response.result);
  else
    pending.reject(
      new JsonRpcError(
        rpcCodes.invalidRequest,
        "The client answered with something that is no object.",
      ),
    );
}

/** Numbers requests, matches answers, and tells the client when nobody waits any more. */
export function createClientRequests(
  send: (message: RpcMessage, about: RequestId) => void,
): ClientRequests {
  const waiting = new Map<number, Pending>();
  let lastId = 0;
  return {
    request: ({ method, params, about, signal }) => {
      const id = ++lastId;
      const { promise, resolve, reject } = Promise.withResolvers<JsonObject>();
      const onAbort = (): void => {
        waiting.delete(id);
        const cancelled = { requestId: id };
        send({ jsonrpc: "2.0", method: "notifications/cancelled", params: cancelled }, about);
        reject(signal.reason);
      };
      if (signal.aborted) return Promise.reject(signal.reason);
      signal.addEventListener("abort", onAbort, { once: true });
      const release = (): void => signal.removeEventListener("abort", onAbort);
      waiting.set(id, {
        resolve: (result) => {
          release();
          resolve(result);
        },
        reject: (error) => {
          release();
          reject(error);
        },
      });
      send({ jsonrpc: "2.0", id, method, params }, about);
      return promise;
    },
    settle: (response) => {
      const pending = typeof response.id === "number" ? waiting.get(response.id) : undefined;
      if (pending === undefined || typeof response.id !== "number") return false;
      waiting.delete(response.id);
      settleOne(pending, response);
      return true;
    },
    fail: (reason) => {
      const all = [...waiting.values()];
      waiting.clear();
      for (const pending of all) pending.reject(reason);
    },
  };
}
