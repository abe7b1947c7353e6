import type { UpstreamSettings } from "op-aggregator/config";
import type { ClientFormat } from "op-aggregator/import";
import type { JsonObject } from "op-core";

/** How a client spells a time limit, and how many milliseconds its unit has. */
interface Limit {
  readonly field: string;
  readonly unitMs: number;
}

/** The words that a client has besides those that all have. */
interface Words {
  readonly exclude: string;
  readonly include: string;
  readonly connect?: Limit;
  readonly request: Limit;
}

const words: Readonly<Partial<Record<ClientFormat, Words>>> = {
  codex: {
    exclude: "disabled_tools",
    include: "enabled_tools",
    connect: { field: "startup_timeout_sec", unitMs: 1000 },
    request: { field: "tool_timeout_sec", unitMs: 1000 },
  },
  gemini: {
    exclude: "excludeTools",
    include: "includeTools",
    request: { field: "timeout", unitMs: 1 },
  },
};

/** Which tools are hidden, as lists of names say it. */
interface ToolLists {
  readonly excluded: readonly string[];
  /** The only ones, where that is said. */
  readonly included: readonly string[] | undefined;
  /** Patterns that no list can say. */
  readonly unsaid: readonly string[];
}

/** The first rule that says something of a tool decides it, and in clients what is excluded stays so. */
function toLists(rules: NonNullable<UpstreamSettings["tools"]>): ToolLists {
  const [excluded, included, unsaid] = [new Set<string>(), new Set<string>(), new Set<string>()];
  for (const { match, hide } of rules) {
    if (hide === undefined) continue;
    if (match === "*")
      return {
        excluded: [...excluded],
        included: hide ? [...included] : undefined,
        unsaid: [...unsaid],
      };
    if (match.includes("*")) unsaid.add(match);
    else if (!hide) included.add(match);
    else if (!included.has(match)) excluded.add(match);
  }
  return { excluded: [...excluded], included: undefined, unsaid: [...unsaid] };
}

function writeLimit(limit: Limit | undefined, ms: number | undefined): JsonObject {
  return limit === undefined || ms === undefined ? {} : { [limit.field]: ms / limit.unitMs };
}

/** What a client has words for that not every client has: which tools are hidden, and how long things may take. */
export function writeClientExtras(
  { tools = [], connectTimeoutMs, requestTimeoutMs }: UpstreamSettings,
  format: ClientFormat,
): JsonObject {
  const known = words[format];
  if (known === undefined) return {};
  const { excluded, included } = toLists(tools);
  return {
    ...(excluded.length === 0 ? {} : { [known.exclude]: excluded }),
    ...(included === undefined ? {} : { [known.include]: included }),
    ...writeLimit(known.connect, connectTimeoutMs),
    ...writeLimit(known.request, requestTimeoutMs),
  };
}

/** What of a server a client is not told, because it has no word for it. */
export function findUnsaid(settings: UpstreamSettings, format: ClientFormat): readonly string[] {
  const { tools = [], secretEnv = {}, secretHeaders = {}, values = {} } = settings;
  const { unsaid, excluded } = toLists(tools);
  const shown = words[format] === undefined ? [...unsaid, ...excluded] : unsaid;
  const references = Object.entries({ ...secretEnv, ...secretHeaders, ...values });
  const secrets = references.filter(([, reference]) => !reference.startsWith("env:"));
  return [
    ...(shown.length === 0
      ? []
      : [`tools that are hidden here are not there: ${shown.join(", ")}`]),
    ...(secrets.length === 0
      ? []
      : [`left out, being in no variable: ${secrets.map(([name]) => name).join(", ")}`]),
  ];
}
