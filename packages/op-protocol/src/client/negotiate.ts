import { DeadlineExceededError, isErrorOf, isJsonObject, type JsonObject } from "op-core";
import { JsonRpcError, rpcCodes } from "../json-rpc/json-rpc-error.ts";
import { metaKeys } from "../revisions/envelope.ts";
import {
  isLegacyRevision,
  isModernRevision,
  legacyRevisions,
  modernRevisions,
  type ModernRevision,
} from "../revisions/revision.ts";
import type { Exchange } from "./rpc-peer.ts";
import type { EraChoice, ServerProfile } from "./server-profile.ts";
import { UpstreamHttpError, UpstreamMessageError } from "./upstream-error.ts";

/** How the client introduces itself. */
export interface ClientIntroduction {
  readonly clientInfo: { readonly name: string; readonly version: string };
  readonly capabilities: JsonObject;
}

/** What a negotiation needs of a connection. */
export interface Negotiable {
  request(exchange: Exchange<never>): Promise<JsonObject>;
  notify(method: string, params?: JsonObject): void;
}

/** What governs a negotiation. */
export interface NegotiationRules extends ClientIntroduction {
  readonly era: EraChoice;
  readonly signal: AbortSignal;
  /** A server of the handshake era may leave a question it does not know without an answer. */
  readonly probeTimeoutMs: number;
}

/** What every request of the stateless era carries. */
export function createEnvelope({ clientInfo, capabilities }: ClientIntroduction): JsonObject {
  return {
    [metaKeys.protocolVersion]: modernRevisions[0],
    [metaKeys.clientInfo]: clientInfo,
    [metaKeys.clientCapabilities]: capabilities,
  };
}

/** Finds out which era a server speaks, and what it is. */
export async function negotiate(
  connection: Negotiable,
  rules: NegotiationRules,
): Promise<ServerProfile> {
  if (rules.era === "legacy") return await shakeHands(connection, rules);
  try {
    return await discoverAgain(connection, rules);
  } catch (error) {
    rules.signal.throwIfAborted();
    if (rules.era === "modern" || !meansOldServer(error)) throw error;
    return await shakeHands(connection, rules);
  }
}

/** A server that refuses a revision says which ones it speaks: one of ours among them is tried once more. */
async function discoverAgain(
  connection: Negotiable,
  rules: NegotiationRules,
): Promise<ServerProfile> {
  try {
    return await discover(connection, rules);
  } catch (error) {
    if (!offersModernRevision(error)) throw error;
    return await discover(connection, rules);
  }
}

function offersModernRevision(error: unknown): boolean {
  if (!(error instanceof JsonRpcError) || error.rpcCode !== rpcCodes.unsupportedProtocolVersion)
    return false;
  const supported = isJsonObject(error.rpcData) ? error.rpcData["supported"] : undefined;
  return Array.isArray(supported) && findModern(supported) !== undefined;
}

function findModern(versions: readonly unknown[]): ModernRevision | undefined {
  return versions.find(
    (version): version is ModernRevision =>
      typeof version === "string" && isModernRevision(version),
  );
}

/** Whether an answer to a question of the stateless era is one of a server that does not know it. */
function meansOldServer(error: unknown): boolean {
  if (error instanceof UpstreamHttpError)
    return (
      error.status >= 400 &&
      error.status < 500 &&
      error.status !== 401 &&
      error.status !== 403 &&
      error.status !== 429
    );
  return (
    error instanceof JsonRpcError ||
    error instanceof UpstreamMessageError ||
    isErrorOf(error, DeadlineExceededError)
  );
}

async function discover(connection: Negotiable, rules: NegotiationRules): Promise<ServerProfile> {
  const result = await connection.request({
    method: "server/discover",
    params: { _meta: createEnvelope(rules) },
    signal: rules.signal,
    timeoutMs: rules.probeTimeoutMs,
  });
  const { supportedVersions, capabilities, instructions, _meta } = result;
  const versions = Array.isArray(supportedVersions) ? supportedVersions : [];
  const revision = findModern(versions);
  if (revision === undefined) {
    throw new JsonRpcError(
      rpcCodes.unsupportedProtocolVersion,
      `The server speaks ${JSON.stringify(versions)} and none of ${modernRevisions.join(", ")}.`,
    );
  }
  const info = isJsonObject(_meta) ? _meta[metaKeys.serverInfo] : undefined;
  return toProfile({
    revision,
    capabilities,
    serverInfo: info ?? result["serverInfo"],
    instructions,
  });
}

async function shakeHands(
  connection: Negotiable,
  { clientInfo, capabilities, signal }: NegotiationRules,
): Promise<ServerProfile> {
  const result = await connection.request({
    method: "initialize",
    params: { protocolVersion: legacyRevisions[0], clientInfo, capabilities },
    signal,
  });
  const revision = result["protocolVersion"];
  if (typeof revision !== "string" || !isLegacyRevision(revision)) {
    throw new JsonRpcError(
      rpcCodes.unsupportedProtocolVersion,
      `The server speaks ${JSON.stringify(revision)} and none of ${legacyRevisions.join(", ")}.`,
    );
  }
  connection.notify("notifications/initialized");
  return toProfile({ ...result, revision });
}

function toProfile(said: {
  readonly revision: ServerProfile["revision"];
  readonly capabilities?: unknown;
  readonly serverInfo?: unknown;
  readonly instructions?: unknown;
}): ServerProfile {
  const { revision, capabilities, serverInfo, instructions } = said;
  return {
    revision,
    capabilities: isJsonObject(capabilities) ? capabilities : {},
    serverInfo: isJsonObject(serverInfo) ? serverInfo : {},
    ...(typeof instructions === "string" ? { instructions } : {}),
  };
}
