import { isJsonObject, type JsonObject, type JsonValue } from "op-core";
import { toDistinctToolName, toToolName } from "op-tools";
import { without } from "../upstreams/without.ts";
import type { UpstreamTransport } from "../upstreams/upstream-config.ts";
import {
  parseTexts,
  spellings,
  type ClientFormat,
  type ImportedUpstream,
  type ImportResult,
} from "./client-config.ts";

/** Fields that are understood of a server that is a program. */
const programFields = ["command", "args", "env", "cwd"];

type Parsed = { readonly transport: UpstreamTransport; readonly used: readonly string[] } | string;

function parseProgram(entry: JsonObject): Parsed {
  const { command, args = [], env = {}, cwd } = entry;
  if (typeof command !== "string" || command === "") return "it has neither a command nor a URL";
  if (!Array.isArray(args) || !args.every((one): one is string => typeof one === "string"))
    return "its args are no list of texts";
  const texts = parseTexts(env);
  if (texts === undefined) return "its env is no map of texts";
  return {
    transport: {
      kind: "stdio",
      argv: [command, ...args],
      ...(typeof cwd === "string" ? { cwd } : {}),
      env: texts,
    },
    used: programFields,
  };
}

function kindOf(
  url: string,
  type: JsonValue | undefined,
  isSse: boolean,
): "http" | "sse" | "websocket" {
  if (/^wss?:/u.test(url)) return "websocket";
  return type === "sse" || isSse ? "sse" : "http";
}

/** A URL with something in the place of what the client fills in. */
function withoutPlaceholders(url: string): string {
  const filled = url.replaceAll(
    /\$\{[^}:]*(?::-(?<fallback>[^}]*)|:[^}]*)?\}/gu,
    (whole, fallback) => (typeof fallback === "string" && fallback !== "" ? fallback : "1"),
  );
  // What stands for all that comes before the path has a scheme too.
  return url.startsWith("${") && !URL.canParse(filled) ? `http://${filled}` : filled;
}

function parseRemote(entry: JsonObject, format: ClientFormat): Parsed | undefined {
  const { http, sse, headers: headersKey } = spellings[format];
  const key = [http, sse].find((one) => one !== undefined && typeof entry[one] === "string");
  const url = key === undefined ? undefined : entry[key];
  if (key === undefined || typeof url !== "string") return undefined;
  const address = withoutPlaceholders(url);
  if (!URL.canParse(address)) return `${JSON.stringify(url)} is no URL`;
  const headers = parseTexts(entry[headersKey] ?? {});
  if (headers === undefined) return `its ${headersKey} are no map of texts`;
  // Cursor finds out; by custom the older transport has this path.
  const isGuess =
    sse === http && entry["type"] === undefined && /\/sse\/?$/u.test(new URL(address).pathname);
  const isSse = isGuess || (http !== sse && key === sse);
  return {
    transport: { kind: kindOf(address, entry["type"], isSse), url, headers },
    used: [key, headersKey],
  };
}

function parseEntry(
  name: string,
  entry: JsonObject,
  format: ClientFormat,
): ImportedUpstream | string {
  const parsed = parseRemote(entry, format) ?? parseProgram(entry);
  if (typeof parsed === "string") return parsed;
  const { hasType, off } = spellings[format];
  const used = [
    ...parsed.used,
    ...(hasType ? ["type"] : []),
    ...(off === undefined ? [] : [off.key]),
  ];
  return {
    config: { name, transport: parsed.transport },
    isEnabled: off === undefined || entry[off.key] !== off.value,
    rest: without(entry, used),
  };
}

/**
 * Reads the servers of a client's file, given as parsed values. An entry that makes no sense is told and hurts no other.
 * Names get the nearest spelling that is one here.
 */
export function importUpstreams(format: ClientFormat, file: JsonValue): ImportResult {
  const servers = isJsonObject(file) ? file[spellings[format].servers] : undefined;
  const upstreams: ImportedUpstream[] = [];
  const skipped: { name: string; reason: string }[] = [];
  const taken = new Set<string>();
  for (const [original, entry] of Object.entries(isJsonObject(servers) ? servers : {})) {
    const wanted = toToolName(original);
    const name = taken.has(wanted) ? toDistinctToolName(original) : wanted;
    const read = isJsonObject(entry) ? parseEntry(name, entry, format) : "it is no object";
    if (typeof read === "string") skipped.push({ name: original, reason: read });
    else upstreams.push(read);
    taken.add(name);
  }
  return { upstreams, skipped };
}
