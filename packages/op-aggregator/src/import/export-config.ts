import type { JsonObject } from "op-core";
import type { UpstreamTransport } from "../upstreams/upstream-config.ts";
import { spellings, type ClientFormat, type ImportedUpstream } from "./client-config.ts";

type Remote = Extract<UpstreamTransport, { readonly url: string }>;

const noTexts: JsonObject = {};

function textsOf(texts: Readonly<Record<string, string>> | undefined, key: string): JsonObject {
  return texts === undefined || Object.keys(texts).length === 0 ? noTexts : { [key]: texts };
}

function exportRemote({ kind, url, headers }: Remote, format: ClientFormat): JsonObject {
  const { http, sse = http, hasType, headers: headersKey } = spellings[format];
  // What a function gives is made for the moment, and may be a secret.
  const fixed = typeof headers === "function" ? undefined : headers;
  return {
    ...(hasType && kind !== "websocket" ? { type: kind } : {}),
    [kind === "sse" ? sse : http]: url,
    ...textsOf(fixed, headersKey),
  };
}

function exportProgram(
  { argv: [command, ...args], cwd, env }: Extract<UpstreamTransport, { readonly kind: "stdio" }>,
  format: ClientFormat,
): JsonObject {
  return {
    ...(format === "vscode" ? { type: "stdio" } : {}),
    command,
    ...(args.length === 0 ? {} : { args }),
    ...(cwd === undefined ? {} : { cwd }),
    ...textsOf(env, "env"),
  };
}

function exportEntry(
  { config, isEnabled, rest }: ImportedUpstream,
  format: ClientFormat,
): JsonObject | undefined {
  const { transport } = config;
  const { off, sse } = spellings[format];
  const isSayable = transport.kind !== "custom" && (transport.kind !== "sse" || sse !== undefined);
  if (!isSayable || (off === undefined && !isEnabled)) return undefined;
  const entry =
    transport.kind === "stdio" ? exportProgram(transport, format) : exportRemote(transport, format);
  return { ...entry, ...rest, ...(isEnabled || off === undefined ? {} : { [off.key]: off.value }) };
}

/**
 * Makes a client's file of servers, as values. What the format cannot say is left out: servers in the process, and where
 * nothing can be switched off, servers that are.
 */
export function exportUpstreams(
  format: ClientFormat,
  upstreams: readonly ImportedUpstream[],
): JsonObject {
  const entries = upstreams.flatMap((upstream) => {
    const entry = exportEntry(upstream, format);
    return entry === undefined ? [] : [[upstream.config.name, entry] as const];
  });
  return { [spellings[format].servers]: Object.fromEntries(entries) };
}
