import type { JsonObject } from "op-core";
import { createInMemoryPair, type RpcMessage, type Transport } from "../../src/index.ts";
import { toClientTransport, type ConnectTransport } from "../../src/client/index.ts";
import { silentLogger } from "op-core";

type Handler = (message: JsonObject, far: Transport) => void;

/** A server of the handshake era that a test writes message by message. */
export interface RawUpstream {
  readonly connect: ConnectTransport;
  readonly received: JsonObject[];
  /** How often somebody connected. */
  connections: number;
  /** The far end of the latest connection. */
  far: Transport | undefined;
}

export const handshake = {
  protocolVersion: "2025-11-25",
  capabilities: { tools: { listChanged: true } },
  serverInfo: { name: "raw", version: "1" },
  instructions: "Be careful.",
};

export function answer(message: JsonObject, result: JsonObject): RpcMessage {
  return { jsonrpc: "2.0", id: message["id"] as number, result };
}

/** Makes a server that shakes hands, refuses what it does not know, and leaves the rest to the handlers. */
export function createRawUpstream(handlers: Readonly<Record<string, Handler>>): RawUpstream {
  const handle = (message: JsonObject, far: Transport): void => {
    const method = message["method"] as string;
    const handler = handlers[method];
    if (handler !== undefined) handler(message, far);
    else if (method === "initialize") far.send(answer(message, handshake));
    else if ("id" in message && "method" in message)
      far.send({
        jsonrpc: "2.0",
        id: message["id"] as number,
        error: { code: -32_601, message: "Method not found" },
      });
  };
  const upstream: RawUpstream = {
    received: [],
    connections: 0,
    far: undefined,
    connect: () => {
      upstream.connections += 1;
      const [near, far] = createInMemoryPair();
      upstream.far = far;
      far.start({
        message: (value) => {
          upstream.received.push(value as JsonObject);
          handle(value as JsonObject, far);
        },
        malformed: () => undefined,
        closed: () => undefined,
      });
      return Promise.resolve(toClientTransport(near, silentLogger));
    },
  };
  return upstream;
}
