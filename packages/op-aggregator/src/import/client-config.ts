import { isJsonObject, type JsonObject, type JsonValue } from "op-core";
import type { UpstreamConfig } from "../upstreams/upstream-config.ts";

/** The files of MCP clients that are read and written. Codex's is TOML: what is given and made are its values. */
export type ClientFormat = "claude-desktop" | "mcp-json" | "cursor" | "vscode" | "codex" | "gemini";

/** A server as a client's file has it. What is not understood is kept, so that exporting loses nothing. */
export interface ImportedUpstream {
  readonly config: UpstreamConfig;
  readonly isEnabled: boolean;
  /** Fields of the entry that mean nothing here. */
  readonly rest: JsonObject;
}

/** An entry that could not be read, and why. */
export interface SkippedEntry {
  readonly name: string;
  readonly reason: string;
}

/** What a file had in it. */
export interface ImportResult {
  readonly upstreams: readonly ImportedUpstream[];
  readonly skipped: readonly SkippedEntry[];
}

/** How a format spells what all of them say. */
export interface Spelling {
  /** The key under which the servers are. */
  readonly servers: string;
  /** The key of a server's URL, by the way it is spoken to. */
  readonly http: string;
  /** Nothing where the format cannot say it. */
  readonly sse: string | undefined;
  readonly headers: string;
  /** What `type` says, where the format has it. */
  readonly hasType: boolean;
  /** How an entry says that it is not used. */
  readonly off: { readonly key: string; readonly value: boolean } | undefined;
}

const typed = { servers: "mcpServers", http: "url", sse: "url", headers: "headers", hasType: true };
const disabled = { key: "disabled", value: true };

export const spellings: Readonly<Record<ClientFormat, Spelling>> = {
  "claude-desktop": { ...typed, off: disabled },
  "mcp-json": { ...typed, off: disabled },
  cursor: { ...typed, off: disabled },
  vscode: { ...typed, servers: "servers", off: disabled },
  codex: {
    servers: "mcp_servers",
    http: "url",
    sse: undefined,
    headers: "http_headers",
    hasType: false,
    off: { key: "enabled", value: false },
  },
  gemini: {
    servers: "mcpServers",
    http: "httpUrl",
    sse: "url",
    headers: "headers",
    hasType: false,
    off: undefined,
  },
};

/** A map of texts, or nothing where it is something else. */
export function parseTexts(
  value: JsonValue | undefined,
): Readonly<Record<string, string>> | undefined {
  if (!isJsonObject(value)) return undefined;
  const entries = Object.entries(value);
  const texts = entries.filter((entry): entry is [string, string] => typeof entry[1] === "string");
  return texts.length === entries.length ? Object.fromEntries(texts) : undefined;
}
