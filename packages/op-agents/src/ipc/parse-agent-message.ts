import { isJsonObject, type JsonObject, type JsonValue } from "op-core";
import type { AgentMessage, WireError, WireLogLevel } from "./message.ts";

/** What a message of an agent is, or what is wrong with it: an agent is not trusted. */
export type ParsedMessage = AgentMessage | { readonly type: "fault"; readonly detail: string };

/** Reads what came as JSON from an agent. */
export function parseAgentMessage(value: unknown): ParsedMessage {
  if (!isJsonObject(value)) return fault("a message is no object");
  const { type }: Readonly<Record<string, unknown>> = value;
  switch (type) {
    case "ready":
      return parseReady(value);
    case "log":
      return parseLog(value);
    case "progress":
    case "result":
    case "error":
    case "pong":
      return parseAnswer(type, value);
    default:
      return fault(`a message has the unknown type ${JSON.stringify(type)?.slice(0, 40)}`);
  }
}

function parseReady({ protocol, operations }: JsonObject): ParsedMessage {
  if (typeof protocol !== "number") return fault("ready names no protocol");
  if (!Array.isArray(operations)) return fault("ready names no operations");
  const names = operations.filter((name) => typeof name === "string");
  if (names.length < operations.length) return fault("ready names operations that are no text");
  return { type: "ready", protocol, operations: names };
}

function parseLog({ level, message, fields }: JsonObject): ParsedMessage {
  if (!isLogLevel(level) || typeof message !== "string") return fault("a log line is malformed");
  return { type: "log", level, message, ...(isJsonObject(fields) ? { fields } : {}) };
}

function parseAnswer(
  type: "progress" | "result" | "error" | "pong",
  value: JsonObject,
): ParsedMessage {
  const { id, data, output, error } = value;
  if (typeof id !== "number" || !Number.isSafeInteger(id)) return fault(`${type} has no id`);
  if (type === "progress" && isJson(data)) return { type, id, data };
  if (type === "result" && isJson(output)) return { type, id, output };
  if (type === "error" && isWireError(error)) return { type, id, error };
  return type === "pong" ? { type, id } : fault(`${type} does not say what it should`);
}

function fault(detail: string): ParsedMessage {
  return { type: "fault", detail };
}

/** Everything came out of `JSON.parse`: only absence has to be told apart. */
function isJson(value: unknown): value is JsonValue {
  return value !== undefined;
}

function isLogLevel(value: unknown): value is WireLogLevel {
  return value === "debug" || value === "info" || value === "warn" || value === "error";
}

function isWireError(value: unknown): value is WireError {
  if (!isJsonObject(value)) return false;
  const { code, message, advice, retryable, data } = value;
  return (
    typeof code === "string" &&
    typeof message === "string" &&
    (advice === undefined || typeof advice === "string") &&
    (retryable === undefined || typeof retryable === "boolean") &&
    (data === undefined || isJsonObject(data))
  );
}
