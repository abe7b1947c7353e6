import { join } from "node:path";
import { homeOf } from "../config/directories.ts";
import type { Environment } from "../config/environment.ts";
import type { HttpEntryForm } from "./http-server.ts";

/** An MCP client whose configuration is known. */
export interface Client {
  readonly id: string;
  readonly title: string;
  readonly format: "json" | "toml";
  /** The object that holds one entry per server. */
  readonly container: string;
  /** What the client wants in an entry besides command, arguments and environment. */
  readonly extra: Readonly<Record<string, string>>;
  /** How an entry for a server over HTTP looks; absent where the client only starts programs. */
  readonly http?: HttpEntryForm;
  /** The user's own file on Linux. */
  readonly userFile: (env: Environment) => string;
  /** The project's file, relative to its folder, where the client has one. */
  readonly projectFile?: string;
  /** What makes the client see the change. */
  readonly next: string;
}

/** Every client `op-mcp init` knows. */
export const clients: readonly Client[] = [
  {
    id: "claude-desktop",
    title: "Claude Desktop",
    format: "json",
    container: "mcpServers",
    extra: {},
    userFile: (env) => join(xdgConfig(env), "Claude", "claude_desktop_config.json"),
    next: "Quit Claude Desktop and start it again.",
  },
  {
    id: "claude-code",
    title: "Claude Code",
    format: "json",
    container: "mcpServers",
    extra: { type: "stdio" },
    http: { urlKey: "url", headersKey: "headers", extra: { type: "http" } },
    userFile: (env) => join(env["CLAUDE_CONFIG_DIR"] || homeOf(env), ".claude.json"),
    projectFile: ".mcp.json",
    next: "Start a new Claude Code session; /mcp shows the server.",
  },
  {
    id: "cursor",
    title: "Cursor",
    format: "json",
    container: "mcpServers",
    extra: {},
    http: { urlKey: "url", headersKey: "headers", extra: {} },
    userFile: (env) => join(homeOf(env), ".cursor", "mcp.json"),
    projectFile: join(".cursor", "mcp.json"),
    next: "Enable the server in Cursor's settings under MCP.",
  },
  {
    id: "vscode",
    title: "VS Code",
    format: "json",
    container: "servers",
    extra: { type: "stdio" },
    http: { urlKey: "url", headersKey: "headers", extra: { type: "http" } },
    userFile: (env) => join(xdgConfig(env), "Code", "User", "mcp.json"),
    projectFile: join(".vscode", "mcp.json"),
    next: "Run “MCP: List Servers” in VS Code and start the server.",
  },
  {
    id: "codex",
    title: "Codex",
    format: "toml",
    container: "mcp_servers",
    extra: {},
    http: { urlKey: "url", headersKey: "http_headers", extra: {} },
    userFile: (env) => join(env["CODEX_HOME"] || join(homeOf(env), ".codex"), "config.toml"),
    projectFile: join(".codex", "config.toml"),
    next: "Start a new Codex session; /mcp shows the server.",
  },
  {
    id: "gemini-cli",
    title: "Gemini CLI",
    format: "json",
    container: "mcpServers",
    extra: {},
    http: { urlKey: "httpUrl", headersKey: "headers", extra: {} },
    userFile: (env) => join(homeOf(env), ".gemini", "settings.json"),
    projectFile: join(".gemini", "settings.json"),
    next: "Start Gemini CLI again; /mcp shows the server.",
  },
  {
    id: "windsurf",
    title: "Windsurf",
    format: "json",
    container: "mcpServers",
    extra: {},
    http: { urlKey: "serverUrl", headersKey: "headers", extra: {} },
    userFile: (env) => join(homeOf(env), ".codeium", "windsurf", "mcp_config.json"),
    next: "Refresh the MCP servers in Windsurf's settings.",
  },
];

/** The client with this id, also without its hyphen or with another spelling of its title. */
export function findClient(name: string): Client | undefined {
  const wanted = plain(name);
  return clients.find(({ id, title }) => plain(id) === wanted || plain(title) === wanted);
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z]/g, "");
}

function xdgConfig(env: Environment): string {
  const value = env["XDG_CONFIG_HOME"] ?? "";
  return value.startsWith("/") ? value : join(homeOf(env), ".config");
}
