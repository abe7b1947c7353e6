import { isJsonObject, type JsonObject, type JsonValue } from "op-core";
import { JsonRpcError } from "op-protocol";
import { listAll, openUpstreamClient, type UpstreamClient } from "op-protocol/client";
import {
  createMemoryOAuthStore,
  createOAuthClient,
  type OAuthClient,
  type RegisteredClient,
} from "op-protocol/oauth";
import { openAggregator, type UpstreamConfig } from "../src/index.ts";
import { serve } from "../test/fixtures/chain.ts";
import { agreeable, browser } from "./person.ts";

/** What the official suite tells a client. */
export interface Scenario {
  readonly name: string;
  /** Absent where the suite knows only revisions with a handshake. */
  readonly revision: string;
  readonly context: JsonObject;
  /** Where the server is that checks the client. */
  readonly url: string;
}

/** All scenarios of a suite begin at once, on a machine that may be busy: who is slow is not taken for an old server. */
const connectTimeoutMs = 120_000;

const clientInfo = { name: "op-aggregator-conformance", version: "1.0.0" };

function textIn(context: JsonObject, key: string): string | undefined {
  const value = context[key];
  return typeof value === "string" ? value : undefined;
}

/** Who the scenario registered beforehand. */
function registeredIn(context: JsonObject): RegisteredClient | undefined {
  const id = textIn(context, "client_id");
  const issuer = textIn(context, "issuer");
  const secret = textIn(context, "client_secret");
  const key = textIn(context, "private_key_pem");
  const algorithm = textIn(context, "signing_algorithm") ?? "ES256";
  if (id === undefined) return undefined;
  const known = { id, ...(issuer === undefined ? {} : { issuer }) };
  if (secret !== undefined)
    return { ...known, proof: { kind: "secret", secret: () => Promise.resolve(secret) } };
  if (key !== undefined)
    return { ...known, proof: { kind: "private-key", key: () => Promise.resolve(key), algorithm } };
  return { ...known, proof: { kind: "none" } };
}

function createOAuth({ name, context, url }: Scenario): OAuthClient {
  const client = registeredIn(context);
  return createOAuthClient({
    name: "scenario",
    serverUrl: new URL(url),
    store: createMemoryOAuthStore(),
    grant: name.includes("client-credentials") ? "client-credentials" : "authorization-code",
    ...(client === undefined ? {} : { client }),
    metadataUrl: "https://conformance-test.local/client-metadata.json",
    clientName: clientInfo.name,
    authorize: browser,
    loginAdvice: "Log in.",
  });
}

function toUpstream(scenario: Scenario): UpstreamConfig {
  const { name, revision, url } = scenario;
  const login = name.startsWith("auth/") ? { fetch: createOAuth(scenario).fetch } : {};
  return {
    name: "scenario",
    transport: { kind: "http", url, ...login },
    connectTimeoutMs,
    ...(revision >= "2026" ? {} : { era: "legacy" }),
  };
}

function argumentsFor(name: JsonValue, tools: readonly JsonObject[]): JsonObject {
  if (name === "add_numbers") return { a: 2, b: 3 };
  if (name !== "json_schema_echo") return {};
  const shown = tools.find((tool) => tool["name"] === "json_schema_2020_12_tool");
  return { schema: shown?.["inputSchema"] ?? null };
}

/** The calls that the scenario names, or one of each tool. */
function callsOf({ toolCalls }: JsonObject, tools: readonly JsonObject[]): readonly JsonObject[] {
  if (Array.isArray(toolCalls)) return toolCalls.filter(isJsonObject);
  return tools.map(({ name = "" }) => ({ name, arguments: argumentsFor(name, tools) }));
}

async function callAll(client: UpstreamClient, context: JsonObject): Promise<void> {
  const tools = await Array.fromAsync(listAll(client, "tools/list", {}));
  for (const params of callsOf(context, tools)) {
    try {
      await client.request("tools/call", params, { input: agreeable });
    } catch (error) {
      // A refusal is an answer.
      if (!(error instanceof JsonRpcError)) throw error;
    }
  }
}

/**
 * Plays a scenario: somebody's client in front of the aggregator, whose upstream is the server that checks it. Resolves
 * with why the upstream could not be used, where it could not.
 */
export async function playScenario(scenario: Scenario): Promise<string | undefined> {
  await using aggregator = await openAggregator({ clientInfo, upstreams: [toUpstream(scenario)] });
  const [sources] = aggregator.upstreams;
  if (sources === undefined) throw new Error("there is one upstream");
  const { signal } = new AbortController();
  const listed = await Array.fromAsync(sources.tools.list({ signal })).catch(() => undefined);
  if (listed === undefined) return sources.status.lastError ?? "its tools could not be listed";
  await using served = await serve([sources.tools]);
  await using client = await openUpstreamClient({
    name: "gateway",
    transport: served.connect,
    clientInfo,
    capabilities: { elicitation: { form: { applyDefaults: true } }, sampling: {}, roots: {} },
  });
  await callAll(client, scenario.context);
  return sources.status.lastError;
}
