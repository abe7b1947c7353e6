import type { JsonObject, JsonValue } from "op-core";
import type { AgentMessage, WireError, WireLogLevel } from "./message.ts";

/** What a message of an agent is, or what is wrong with it: an agent is not trusted. */
export type ParsedMessage = AgentMessage | { readonly type: "fault"; readonly detail: string };

/** Reads what came as JSON from an agent. */
export function parseAgentMessage(value: unknown): ParsedMessage {
  if (!isRecord(value)) return fault("a message is no object");
  switch (value["type"]) {
    case "ready":
      return parseReady(value);
    case "log":
      return parseLog(value);
    case "progress":
    case "result":
    case "error":
    case "pong":
      return parseAnswer(value["type"], value);
    default:
      return fault(`a message has the unknown type ${JSON.stringify(value["type"])?.slice(0, 40)}`);
  }
}

type Fields = Readonly<Record<string, unknown>>;

function parseReady({ protocol, operations }: Fields): ParsedMessage {
  if (typeof protocol !== "number") return fault("ready names no protocol");
  if (!Array.isArray(operations)) return fault("ready names no operations");
  const names = operations.filter((name) => typeof name === "string");
  if (names.length < operations.length) return fault("ready names operations that are no text");
  return { type: "ready", protocol, operations: names };
}

function parseLog({ level, message, fields }: Fields): ParsedMessage {
  if (!isLogLevel(level) || typeof message !== "string") return fault("a log line is malformed");
  return { type: "log", level, message, ...(isObject(fields) ? { fields } : {}) };
}

function parseAnswer(type: "progress" | "result" | "error" | "pong", value: Fields): ParsedMessage {
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

function isRecord(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Everything came out of `JSON.parse`: only absence has to be told apart. */
function isJson(value: unknown): value is JsonValue {
  return value !== undefined;
}

function isObject(value: unknown): value is JsonObject {
  return isRecord(value);
}

function isLogLevel(value: unknown): value is WireLogLevel {
  return value === "debug" || value === "info" || value === "warn" || value === "error";
}

function isWireError(value: unknown): value is WireError {
  if (!isRecord(value)) return false;
  const { code, message, advice, retryable, data } = value;
  return (
    typeof code === "string" &&
    typeof message === "string" &&
    (advice === undefined || typeof advice === "string") &&
    (retryable === undefined || typeof retryable === "boolean") &&
    (data === undefined || isRecord(data))
  );
}
