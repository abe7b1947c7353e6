import type { JsonObject, JsonValue } from "op-core";
import type { HostMessage } from "../ipc/message.ts";
import { isJsonObject } from "./is-json-object.ts";

/** Reads what came as JSON from a host; what a later version of the protocol adds is ignored. */
export function parseHostMessage(value: unknown): HostMessage | undefined {
  if (!isJsonObject(value)) return undefined;
  const { type, id, operation, input } = value;
  if (type === "hello") return parseHello(value);
  if (typeof id !== "number") return undefined;
  if (type === "cancel" || type === "ping") return { type, id };
  if (type !== "request" || typeof operation !== "string") return undefined;
  return { type, id, operation, input: isJson(input) ? input : null };
}

function parseHello({ agent, messageBytes }: JsonObject): HostMessage {
  return {
    type: "hello",
    protocols: [],
    agent: typeof agent === "string" ? agent : "",
    messageBytes: typeof messageBytes === "number" ? messageBytes : Number.MAX_SAFE_INTEGER,
  };
}

/** Everything came out of `JSON.parse`: only absence has to be told apart. */
function isJson(value: unknown): value is JsonValue {
  return value !== undefined;
}
