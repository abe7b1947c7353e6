import type { UpstreamTransport } from "op-aggregator";
import type { ClientFormat, ImportedUpstream } from "op-aggregator/import";
import type { UpstreamSettings } from "op-aggregator/config";
import type { JsonObject } from "op-core";
import { readClientExtras } from "./client-extras.ts";

/** A value that a client fills in from its environment; Gemini writes it without braces too. */
const variable =
  /^\$(?:\{(?:env:)?(?<name>[A-Za-z_][A-Za-z0-9_]*)\}|(?<bare>[A-Za-z_][A-Za-z0-9_]*))$/u;
/** A part of a value that a client fills in. */
const placeholder = /\$\{[^}]+\}/u;

type Texts = Readonly<Record<string, string>>;

/** A server of another client, as op-mcp's configuration says it. */
export interface TakenOver {
  readonly settings: UpstreamSettings;
  /** What a person has to look at. */
  readonly notes: readonly string[];
}

function variableIn(value: string, format: ClientFormat): string | undefined {
  const { name, bare } = variable.exec(value)?.groups ?? {};
  return name ?? (format === "gemini" ? bare : undefined);
}

/** Values that name a variable become references to it, the others stay. */
function splitTexts(
  texts: Texts,
  format: ClientFormat,
): { readonly plain: Texts; readonly secret: Texts } {
  const plain: Record<string, string> = {};
  const secret: Record<string, string> = {};
  for (const [key, value] of Object.entries(texts)) {
    const name = variableIn(value, format);
    if (name === undefined) plain[key] = value;
    else secret[key] = `env:${name}`;
  }
  return { plain, secret };
}

function filled(key: string, texts: Texts): object {
  return Object.keys(texts).length === 0 ? {} : { [key]: texts };
}

/** A bearer token that a variable holds is one of its own kind. */
function splitBearer(
  headers: Texts,
  format: ClientFormat,
): { readonly headers: Texts; readonly auth: UpstreamSettings["auth"] } {
  const [key = "", value = ""] =
    Object.entries(headers).find(([name]) => name.toLowerCase() === "authorization") ?? [];
  const name = /^Bearer /iu.test(value) ? variableIn(value.slice(7), format) : undefined;
  if (name === undefined) return { headers, auth: undefined };
  const { [key]: _bearer, ...others } = headers;
  return { headers: others, auth: { token: `env:${name}` } };
}

function placeOf(transport: UpstreamTransport, format: ClientFormat): UpstreamSettings {
  if (transport.kind === "custom") return {};
  if (transport.kind === "stdio") {
    const [command, ...args] = transport.argv;
    const { plain, secret } = splitTexts(transport.env ?? {}, format);
    return {
      command,
      ...(args.length === 0 ? {} : { args }),
      ...(transport.cwd === undefined ? {} : { cwd: transport.cwd }),
      ...filled("env", plain),
      ...filled("secretEnv", secret),
    };
  }
  const { url, kind, headers: all = {} } = transport;
  const { headers, auth } = splitBearer(typeof all === "function" ? {} : all, format);
  const { plain, secret } = splitTexts(headers, format);
  return {
    url,
    ...(kind === "sse" ? { type: kind } : {}),
    ...filled("headers", plain),
    ...filled("secretHeaders", secret),
    ...(auth === undefined ? {} : { auth }),
  };
}

/** Where a client would fill something in that op-mcp takes as it is written. */
function unfilledIn({
  command = "",
  args = [],
  cwd = "",
  url = "",
  env,
  headers,
}: UpstreamSettings): readonly string[] {
  const texts = [
    command,
    ...args,
    cwd,
    url,
    ...Object.values(env ?? {}),
    ...Object.values(headers ?? {}),
  ];
  return texts.flatMap((text) => placeholder.exec(text)?.[0] ?? []);
}

/** Makes of a server in another client's file what op-mcp's configuration says of it. */
export function toSettings(
  { config, isEnabled, rest }: ImportedUpstream,
  format: ClientFormat,
): TakenOver {
  const place = placeOf(config.transport, format);
  const { settings: extras, lost } = readClientExtras(rest);
  const unfilled = [...new Set(unfilledIn(place))];
  return {
    settings: {
      ...extras,
      ...place,
      ...filled("secretEnv", { ...extras.secretEnv, ...place.secretEnv }),
      ...filled("secretHeaders", { ...extras.secretHeaders, ...place.secretHeaders }),
      ...(isEnabled ? {} : { isEnabled }),
    },
    notes: [
      ...unfilled.map(
        (text) =>
          `${text} stays as it is written; op-mcp fills in whole values of env and headers only`,
      ),
      ...(lost.length === 0 ? [] : [`not taken over: ${lost.join(", ")}`]),
    ],
  };
}

/** References to variables as clients write them; other references are nothing that a client knows. */
function toVariables(references: Texts): Texts {
  const names = Object.entries(variableNames(references));
  return Object.fromEntries(names.map(([key, name]) => [key, `\${${name}}`]));
}

function variableNames(references: Texts): Texts {
  const known = Object.entries(references).filter(([, reference]) => reference.startsWith("env:"));
  return Object.fromEntries(known.map(([key, reference]) => [key, reference.slice(4)]));
}

function bearerOf({ auth = {} }: UpstreamSettings): string | undefined {
  const { token = "" } = auth;
  return token.startsWith("env:") ? token.slice(4) : undefined;
}

function remoteOf(settings: UpstreamSettings, format: ClientFormat): UpstreamTransport {
  const { url = "", type, headers = {}, secretHeaders = {} } = settings;
  const isSocket = type === "websocket" || /^wss?:/u.test(url);
  const token = bearerOf(settings);
  const bearer = token === undefined ? {} : { Authorization: `Bearer \${${token}}` };
  // Codex has fields of its own for variables.
  const secret = format === "codex" ? {} : { ...toVariables(secretHeaders), ...bearer };
  return {
    kind: isSocket ? "websocket" : type === "sse" ? "sse" : "http",
    url,
    headers: { ...headers, ...secret },
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

function programOf(command: string, settings: UpstreamSettings): UpstreamTransport {
  const { args = [], cwd, env = {}, secretEnv = {} } = settings;
  return {
    kind: "stdio",
    argv: [command, ...args],
    env: { ...env, ...toVariables(secretEnv) },
    ...(cwd === undefined ? {} : { cwd }),
  };
}

/** Makes of a server of op-mcp's configuration what another client's file says of it. */
export function fromSettings(
  name: string,
  settings: UpstreamSettings,
  format: ClientFormat,
): ImportedUpstream {
  const { command, isEnabled = true } = settings;
  if (command !== undefined)
    return { config: { name, transport: programOf(command, settings) }, isEnabled, rest: {} };
  const rest = format === "codex" ? codexFieldsOf(settings) : {};
  return { config: { name, transport: remoteOf(settings, format) }, isEnabled, rest };
}

/** Whether a server is op-mcp itself, which must not be behind itself. */
export function isOpMcp({ command = "", args = [] }: UpstreamSettings): boolean {
  return [command, ...args].some((part) => /(?:^|\/)op-mcp(?:\.cjs)?$/u.test(part));
}
