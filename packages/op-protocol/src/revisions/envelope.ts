import { isJsonObject, type JsonObject } from "op-core";
import type { ClientLabel, ClientLogLevel } from "op-tools";
import { invalidParams, JsonRpcError, rpcCodes } from "../json-rpc/json-rpc-error.ts";
import { isModernRevision, modernRevisions, type ModernRevision } from "./revision.ts";

/** Keys of `_meta` that the protocol reserves. */
export const metaKeys = {
  protocolVersion: "io.modelcontextprotocol/protocolVersion",
  clientInfo: "io.modelcontextprotocol/clientInfo",
  clientCapabilities: "io.modelcontextprotocol/clientCapabilities",
  logLevel: "io.modelcontextprotocol/logLevel",
  serverInfo: "io.modelcontextprotocol/serverInfo",
  subscriptionId: "io.modelcontextprotocol/subscriptionId",
} as const;

/** In the `_meta` of a question of the handshake era, whose messages have no place for it: the key it is asked under. */
export const inputKeyMetaKey = "op-mcp/input-key";

/** What a request of the stateless era says of itself. */
export interface Envelope {
  readonly revision: ModernRevision;
  readonly client?: ClientLabel;
  readonly capabilities: JsonObject;
  readonly logLevel?: ClientLogLevel;
}

/** Log levels from the least to the most urgent. */
export const logLevels: readonly ClientLogLevel[] = [
  "debug",
  "info",
  "notice",
  "warning",
  "error",
  "critical",
  "alert",
  "emergency",
];

/** Whether a value names a log level. */
export function isLogLevel(value: unknown): value is ClientLogLevel {
  return logLevels.some((level) => level === value);
}

/** Reads a client's name and version, or nothing where it does not say both. */
export function parseClientLabel(value: unknown): ClientLabel | undefined {
  if (!isJsonObject(value)) return undefined;
  const { name, version } = value;
  return typeof name === "string" && typeof version === "string" ? { name, version } : undefined;
}

/** Whether a request claims to be of the stateless era. */
export function hasEnvelope(meta: JsonObject): boolean {
  return metaKeys.protocolVersion in meta;
}

/** Reads the envelope; a version that is not spoken or a missing field throws the error the client must get. */
export function parseEnvelope(meta: JsonObject): Envelope {
  const requested = meta[metaKeys.protocolVersion];
  if (typeof requested !== "string") {
    throw invalidParams(`_meta must carry ${metaKeys.protocolVersion} as a string.`);
  }
  if (!isModernRevision(requested)) {
    throw new JsonRpcError(rpcCodes.unsupportedProtocolVersion, "Unsupported protocol version", {
      supported: [...modernRevisions],
      requested,
    });
  }
  const capabilities = meta[metaKeys.clientCapabilities];
  if (!isJsonObject(capabilities)) {
    throw invalidParams(`_meta must carry ${metaKeys.clientCapabilities} as an object.`);
  }
  const client = parseClientLabel(meta[metaKeys.clientInfo]);
  const logLevel = meta[metaKeys.logLevel];
  if (logLevel !== undefined && !isLogLevel(logLevel)) {
    throw invalidParams(`${metaKeys.logLevel} must be one of ${logLevels.join(", ")}.`);
  }
  return {
    revision: requested,
    capabilities,
    ...(client === undefined ? {} : { client }),
    ...(logLevel === undefined ? {} : { logLevel }),
  };
}
