import type { UpstreamTransport } from "op-aggregator";
import type { ImportedUpstream } from "op-aggregator/import";
import type { UpstreamSettings } from "op-aggregator/config";

/** A value that a client fills in from its environment. */
const variable = /^\$\{(?:env:)?(?<name>[A-Za-z_][A-Za-z0-9_]*)\}$/u;

type Texts = Readonly<Record<string, string>>;

/** Values that name a variable become references to it, the others stay. */
function splitTexts(texts: Texts): { readonly plain: Texts; readonly secret: Texts } {
  const plain: Record<string, string> = {};
  const secret: Record<string, string> = {};
  for (const [key, value] of Object.entries(texts)) {
    const name = variable.exec(value)?.groups?.["name"];
    if (name === undefined) plain[key] = value;
    else secret[key] = `env:${name}`;
  }
  return { plain, secret };
}

function filled(key: string, texts: Texts): object {
  return Object.keys(texts).length === 0 ? {} : { [key]: texts };
}

/** Makes of a server in another client's file what op-mcp's configuration says of it. */
export function toSettings({ config, isEnabled }: ImportedUpstream): UpstreamSettings {
  const { transport } = config;
  const off = isEnabled ? {} : { isEnabled };
  if (transport.kind === "custom") return off;
  if (transport.kind === "stdio") {
    const [command, ...args] = transport.argv;
    const { plain, secret } = splitTexts(transport.env ?? {});
    return {
      command,
      ...(args.length === 0 ? {} : { args }),
      ...(transport.cwd === undefined ? {} : { cwd: transport.cwd }),
      ...filled("env", plain),
      ...filled("secretEnv", secret),
      ...off,
    };
  }
  const { url, kind, headers = {} } = transport;
  const { plain, secret } = splitTexts(typeof headers === "function" ? {} : headers);
  return {
    url,
    ...(kind === "sse" ? { type: kind } : {}),
    ...filled("headers", plain),
    ...filled("secretHeaders", secret),
    ...off,
  };
}

/** References to variables as clients write them; other references are nothing that a client knows. */
function toVariables(references: Texts): Texts {
  const known = Object.entries(references).filter(([, reference]) => reference.startsWith("env:"));
  return Object.fromEntries(known.map(([key, reference]) => [key, `\${${reference.slice(4)}}`]));
}

function remoteOf(settings: UpstreamSettings): UpstreamTransport {
  const { url = "", type, headers = {}, secretHeaders = {} } = settings;
  const isSocket = type === "websocket" || /^wss?:/u.test(url);
  return {
    kind: isSocket ? "websocket" : type === "sse" ? "sse" : "http",
    url,
    headers: { ...headers, ...toVariables(secretHeaders) },
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
export function fromSettings(name: string, settings: UpstreamSettings): ImportedUpstream {
  const { command, isEnabled = true } = settings;
  const transport = command === undefined ? remoteOf(settings) : programOf(command, settings);
  return { config: { name, transport }, isEnabled, rest: {} };
}

/** Whether a server is op-mcp itself, which must not be behind itself. */
export function isOpMcp({ command = "", args = [] }: UpstreamSettings): boolean {
  return [command, ...args].some((part) => /(?:^|\/)op-mcp(?:\.cjs)?$/u.test(part));
}
