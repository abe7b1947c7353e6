import { isSecretName } from "op-audit/redaction";
import type { ToolRule, UpstreamConfig, UpstreamTransport } from "op-aggregator";
import type { UpstreamSettings } from "op-aggregator/config";
import type { FetchPort } from "op-protocol/client";
import { isJsonObject } from "op-core";
import type { Environment } from "../config/environment.ts";
import { toPlainJson } from "../config/to-plain-json.ts";
import { resolveSecret } from "../secrets/resolve-secret.ts";
import { createWordCleaner } from "./clean-words.ts";
import { fillValues, type FilledSettings } from "./fill-values.ts";
import { harmlessVariables } from "./harmless-variables.ts";
import { UpstreamSettingsError } from "./upstream-error.ts";

/** What turning a configuration into a server takes. */
export interface ToUpstreamOptions {
  readonly env: Environment;
  readonly signal: AbortSignal;
  /** Puts tokens on requests, where the server wants them. */
  readonly fetchFor?: (user: string | undefined) => FetchPort;
  /** Whether what is to be warm is. */
  readonly isWarm: boolean;
}

type Texts = Readonly<Record<string, string>>;

/** Where programs are looked for when op-mcp itself was started without a PATH. */
const usualPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

async function resolveAll(references: Texts, options: ToUpstreamOptions): Promise<Texts> {
  const entries = Object.entries(references).map(async ([key, reference]) => {
    using secret = await resolveSecret(reference, options);
    return [key, secret.reveal()] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

interface ProgramEnvironment {
  readonly env: Texts;
  /** What must not be repeated of it. */
  readonly secrets: readonly string[];
}

async function environmentOf(
  { env = {}, secretEnv = {}, passEnv = [...harmlessVariables] }: UpstreamSettings,
  options: ToUpstreamOptions,
): Promise<ProgramEnvironment> {
  const passed = passEnv.flatMap((name) => {
    const value = options.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  const secret = await resolveAll(secretEnv, options);
  const all = { PATH: usualPath, ...Object.fromEntries(passed), ...env, ...secret };
  const named = Object.entries(all).filter(([name]) => isSecretName(name));
  return { env: all, secrets: [...named.map(([, value]) => value), ...Object.values(secret)] };
}

async function headersOf(
  { headers = {}, secretHeaders = {}, auth = {} }: UpstreamSettings,
  options: ToUpstreamOptions,
): Promise<Texts> {
  const secret = await resolveAll(secretHeaders, options);
  const { token } = auth;
  if (token === undefined) return { ...headers, ...secret };
  using bearer = await resolveSecret(token, options);
  return { ...headers, ...secret, authorization: `Bearer ${bearer.reveal()}` };
}

/** How a URL is spoken to where nothing is said. */
function kindOf({ type, url = "" }: UpstreamSettings): "http" | "sse" | "websocket" {
  if (type !== undefined && type !== "stdio") return type;
  return /^wss?:/u.test(url) ? "websocket" : "http";
}

async function transportOf(
  name: string,
  { settings, secrets: filledIn }: FilledSettings,
  options: ToUpstreamOptions,
): Promise<UpstreamTransport> {
  const { command, args = [], cwd, url, sandbox, memoryBytes } = settings;
  if (command !== undefined) {
    const { env, secrets } = await environmentOf(settings, options);
    return {
      kind: "stdio",
      argv: [command, ...args],
      env,
      cleanWords: createWordCleaner([...secrets, ...filledIn]),
      ...(cwd === undefined ? {} : { cwd }),
      ...(sandbox === undefined ? {} : { sandbox }),
      ...(memoryBytes === undefined ? {} : { limits: { memoryBytes } }),
    };
  }
  if (url === undefined)
    throw new UpstreamSettingsError(name, "it has neither a command nor a URL");
  // What was filled in may be a secret, so it is not repeated.
  if (!URL.canParse(url))
    throw new UpstreamSettingsError(name, "its URL is none when its values are filled in");
  const headers = await headersOf(settings, options);
  const { fetchFor } = options;
  return {
    kind: kindOf(settings),
    url,
    // A function's values are secrets: nobody writes them down.
    headers: () => headers,
    ...(fetchFor === undefined ? {} : { fetchFor }),
  };
}

/** What was said, and nothing of what was not. */
type Said<Settings> = { [Key in keyof Settings]: Exclude<Settings[Key], undefined> };

function said<Settings extends object>(settings: Settings): Said<Settings>;
function said(settings: object): object {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}

function toRule({
  pin,
  annotations,
  ...rule
}: NonNullable<UpstreamSettings["tools"]>[number]): ToolRule {
  const pinned = toPlainJson(pin ?? {});
  return {
    ...said(rule),
    ...(pin !== undefined && isJsonObject(pinned) ? { pin: pinned } : {}),
    ...(annotations === undefined ? {} : { annotations: said(annotations) }),
  };
}

/** Makes of a configuration what the aggregator takes. Secrets are fetched now, and never written down. */
export async function toUpstreamConfig(
  name: string,
  settings: UpstreamSettings,
  options: ToUpstreamOptions,
): Promise<UpstreamConfig> {
  const {
    isEnabled: _isEnabled,
    type: _type,
    command: _command,
    args: _args,
    cwd: _cwd,
    env: _env,
    secretEnv: _secretEnv,
    passEnv: _passEnv,
    sandbox: _sandbox,
    memoryBytes: _memoryBytes,
    url: _url,
    headers: _headers,
    secretHeaders: _secretHeaders,
    values: _values,
    auth = {},
    tools = [],
    warm = false,
    ...rest
  } = settings;
  return {
    ...said(rest),
    ...(auth.users === "each" ? { connections: "per-user" as const } : {}),
    name,
    warm: warm && options.isWarm,
    transport: await transportOf(name, await fillValues(settings, options), options),
    tools: tools.map(toRule),
  };
}
