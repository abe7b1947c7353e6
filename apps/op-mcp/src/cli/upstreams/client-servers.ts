import type { UpstreamTransport } from "op-aggregator";
import type { ClientFormat, ImportedUpstream } from "op-aggregator/import";
import type { UpstreamSettings } from "op-aggregator/config";
import type { JsonObject } from "op-core";
import { readClientExtras } from "./client-extras.ts";
import {
  PlaceholderReader,
  writeText,
  writeVariable,
  type ClientPlace,
} from "./client-placeholders.ts";

import { writeClientExtras } from "./write-client-extras.ts";

type Texts = Readonly<Record<string, string>>;

/** A server of another client, as op-mcp's configuration says it. */
export interface TakenOver {
  readonly settings: UpstreamSettings;
  /** What a person has to look at. */
  readonly notes: readonly string[];
}

/** Values that name a variable become references to it, the others stay. */
function splitTexts(
  texts: Texts,
  reader: PlaceholderReader,
): { readonly plain: Texts; readonly secret: Texts } {
  const plain: Record<string, string> = {};
  const secret: Record<string, string> = {};
  for (const [key, value] of Object.entries(texts)) {
    const reference = reader.toReference(value);
    if (reference === undefined) plain[key] = reader.read(value);
    else secret[key] = reference;
  }
  return { plain, secret };
}

function filled(key: string, texts: Texts): object {
  return Object.keys(texts).length === 0 ? {} : { [key]: texts };
}

/** A bearer token that a variable holds is one of its own kind. */
function splitBearer(
  headers: Texts,
  reader: PlaceholderReader,
): { readonly headers: Texts; readonly auth: UpstreamSettings["auth"] } {
  const [key = "", value = ""] =
    Object.entries(headers).find(([name]) => name.toLowerCase() === "authorization") ?? [];
  const token = /^Bearer /iu.test(value) ? reader.toReference(value.slice(7)) : undefined;
  if (token === undefined) return { headers, auth: undefined };
  const { [key]: _bearer, ...others } = headers;
  return { headers: others, auth: { token } };
}

function placeOf(transport: UpstreamTransport, reader: PlaceholderReader): UpstreamSettings {
  if (transport.kind === "custom") return {};
  if (transport.kind === "stdio") {
    const [command, ...args] = transport.argv.map((text) => reader.read(text));
    const { plain, secret } = splitTexts(transport.env ?? {}, reader);
    return {
      command,
      ...(args.length === 0 ? {} : { args }),
      ...(transport.cwd === undefined ? {} : { cwd: reader.read(transport.cwd) }),
      ...filled("env", plain),
      ...filled("secretEnv", secret),
    };
  }
  const { url, kind, headers: all = {} } = transport;
  const { headers, auth } = splitBearer(typeof all === "function" ? {} : all, reader);
  const { plain, secret } = splitTexts(headers, reader);
  return {
    url: reader.read(url),
    ...(kind === "sse" ? { type: kind } : {}),
    ...filled("headers", plain),
    ...filled("secretHeaders", secret),
    ...(auth === undefined ? {} : { auth }),
  };
}

/** Makes of a server in another client's file what op-mcp's configuration says of it. */
export function toSettings(
  { config, isEnabled, rest }: ImportedUpstream,
  format: ClientFormat,
  clientPlace: ClientPlace,
): TakenOver {
  const reader = new PlaceholderReader(format, clientPlace);
  const place = placeOf(config.transport, reader);
  const { settings: extras, lost } = readClientExtras(rest);
  return {
    settings: {
      ...extras,
      ...place,
      ...filled("secretEnv", { ...extras.secretEnv, ...place.secretEnv }),
      ...filled("secretHeaders", { ...extras.secretHeaders, ...place.secretHeaders }),
      ...filled("values", reader.values),
      ...(isEnabled ? {} : { isEnabled }),
    },
    notes: [...reader.notes, ...(lost.length === 0 ? [] : [`not taken over: ${lost.join(", ")}`])],
  };
}

/** References to variables as clients write them; other references are nothing that a client knows. */
function toVariables(references: Texts, format: ClientFormat): Texts {
  const names = Object.entries(variableNames(references));
  return Object.fromEntries(names.map(([key, name]) => [key, writeVariable(format, name)]));
}

function variableNames(references: Texts): Texts {
  const known = Object.entries(references).filter(([, reference]) => reference.startsWith("env:"));
  return Object.fromEntries(known.map(([key, reference]) => [key, reference.slice(4)]));
}

function bearerOf({ auth = {} }: UpstreamSettings): string | undefined {
  const { token = "" } = auth;
  return token.startsWith("env:") ? token.slice(4) : undefined;
}

function writeTexts(texts: Texts, { values = {} }: UpstreamSettings, format: ClientFormat): Texts {
  const entries = Object.entries(texts);
  return Object.fromEntries(entries.map(([key, text]) => [key, writeText(text, values, format)]));
}

function remoteOf(settings: UpstreamSettings, format: ClientFormat): UpstreamTransport {
  const { url = "", type, headers = {}, secretHeaders = {}, values = {} } = settings;
  const isSocket = type === "websocket" || /^wss?:/u.test(url);
  const token = bearerOf(settings);
  const bearer =
    token === undefined ? {} : { Authorization: `Bearer ${writeVariable(format, token)}` };
  // Codex has fields of its own for variables.
  const secret = format === "codex" ? {} : { ...toVariables(secretHeaders, format), ...bearer };
  return {
    kind: isSocket ? "websocket" : type === "sse" ? "sse" : "http",
    url: writeText(url, values, format),
    headers: { ...writeTexts(headers, settings, format), ...secret },
  };
}

function codexFieldsOf(settings: UpstreamSettings): JsonObject {
  const token = bearerOf(settings);
  const names = variableNames(settings.secretHeaders ?? {});
  return {
    ...(token === undefined ? {} : { bearer_token_env_var: token }),
    ...filled("env_http_headers", names),
  };
}

function programOf(
  command: string,
  settings: UpstreamSettings,
  format: ClientFormat,
): UpstreamTransport {
  const { args = [], cwd, env = {}, secretEnv = {}, values = {} } = settings;
  const write = (text: string): string => writeText(text, values, format);
  return {
    kind: "stdio",
    argv: [write(command), ...args.map(write)],
    env: { ...writeTexts(env, settings, format), ...toVariables(secretEnv, format) },
    ...(cwd === undefined ? {} : { cwd: write(cwd) }),
  };
}

/** Makes of a server of op-mcp's configuration what another client's file says of it. */
export function fromSettings(
  name: string,
  settings: UpstreamSettings,
  format: ClientFormat,
): ImportedUpstream {
  const { command, isEnabled = true } = settings;
  const extras = writeClientExtras(settings, format);
  if (command !== undefined) {
    const transport = programOf(command, settings, format);
    return { config: { name, transport }, isEnabled, rest: extras };
  }
  const rest = format === "codex" ? { ...codexFieldsOf(settings), ...extras } : extras;
  return { config: { name, transport: remoteOf(settings, format) }, isEnabled, rest };
}

/** Whether a server is op-mcp itself, which must not be behind itself. */
export function isOpMcp({ command = "", args = [] }: UpstreamSettings): boolean {
  return [command, ...args].some((part) => /(?:^|\/)op-mcp(?:\.cjs)?$/u.test(part));
}
