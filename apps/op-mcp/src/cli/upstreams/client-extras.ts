import type { UpstreamSettings } from "op-aggregator/config";
import type { JsonObject, JsonValue } from "op-core";
import { isJsonObject } from "op-core";

/** What fields say that only some clients have. */
export interface ClientExtras {
  readonly settings: UpstreamSettings;
  /** Fields that op-mcp has no word for. */
  readonly lost: readonly string[];
}

type Read = (value: JsonValue) => UpstreamSettings | undefined;

const milliseconds =
  (key: "connectTimeoutMs" | "requestTimeoutMs", factor: number): Read =>
  (value) =>
    typeof value === "number" && value > 0 ? { [key]: Math.round(value * factor) } : undefined;

/** The names of variables, by what they are for. */
function references(value: JsonValue): Readonly<Record<string, string>> | undefined {
  if (!isJsonObject(value)) return undefined;
  const entries = Object.entries(value);
  const names = entries.filter((entry): entry is [string, string] => typeof entry[1] === "string");
  return Object.fromEntries(names.map(([key, name]) => [key, `env:${name}`]));
}

const tools =
  (toRules: (names: readonly string[]) => NonNullable<UpstreamSettings["tools"]>): Read =>
  (value) =>
    Array.isArray(value) ? { tools: toRules(textsIn(value)) } : undefined;

function textsIn(value: readonly JsonValue[]): readonly string[] {
  return value.filter((one): one is string => typeof one === "string");
}

const without = tools((names) => names.map((match) => ({ match, hide: true })));
const only = tools((names) => [
  ...names.map((match) => ({ match, hide: false })),
  { match: "*", hide: true },
]);

/** In the order in which rules count: what is taken out stays out. */
const fields: readonly (readonly [string, Read])[] = [
  ["disabled_tools", without],
  ["excludeTools", without],
  ["enabled_tools", only],
  ["includeTools", only],
  [
    "bearer_token_env_var",
    (value) => (typeof value === "string" ? { auth: { token: `env:${value}` } } : undefined),
  ],
  ["env_http_headers", (value) => said("secretHeaders", references(value))],
  [
    "env_vars",
    (value) => {
      const names = Array.isArray(value) ? textsIn(value) : [];
      return said("secretEnv", Object.fromEntries(names.map((name) => [name, `env:${name}`])));
    },
  ],
  ["startup_timeout_sec", milliseconds("connectTimeoutMs", 1000)],
  ["startup_timeout_ms", milliseconds("connectTimeoutMs", 1)],
  ["tool_timeout_sec", milliseconds("requestTimeoutMs", 1000)],
  ["timeout", milliseconds("requestTimeoutMs", 1)],
];

function said(
  key: "secretHeaders" | "secretEnv",
  texts: Readonly<Record<string, string>> | undefined,
): UpstreamSettings | undefined {
  return texts === undefined ? undefined : { [key]: texts };
}

/** Reads the fields of a server that not every client has. */
export function readClientExtras(rest: JsonObject): ClientExtras {
  const read = new Set<string>();
  const settings: UpstreamSettings = {};
  for (const [field, toSettings] of fields) {
    const value = rest[field];
    const found = value === undefined ? undefined : toSettings(value);
    if (found === undefined) continue;
    read.add(field);
    const { tools: rules, ...others } = found;
    Object.assign(settings, others);
    if (rules !== undefined) settings.tools = [...(settings.tools ?? []), ...rules];
  }
  return { settings, lost: Object.keys(rest).filter((field) => !read.has(field)) };
}
