import { upstreamClientIds } from "../../clients/client-ids.ts";
import type { CommandSpec, PositionalSpec } from "../command.ts";
import type { FlagSpec } from "../flags.ts";

const name: readonly PositionalSpec[] = [{ name: "NAME", isRequired: true }];
const client: readonly PositionalSpec[] = [
  { name: "CLIENT", isRequired: true, choices: upstreamClientIds },
];
const user: FlagSpec = {
  name: "user",
  value: "PRINCIPAL",
  summary: "Whose login, where each user has their own; that of all unless told",
};

/** The commands about the MCP servers behind op-mcp. */
export const upstreamsCommands: readonly CommandSpec[] = [
  {
    name: "upstreams list",
    summary: "List the servers that are configured, and how they are where op-mcp runs",
    positionals: [],
    flags: [],
    examples: ["op-mcp upstreams list"],
    load: async () => (await import("../commands/upstreams/list.ts")).runUpstreamsList,
  },
  {
    name: "upstreams add",
    summary: "Add a server: a program and its arguments, or a URL",
    positionals: [...name, { name: "COMMAND", isRequired: false, isRest: true }],
    flags: [
      { name: "url", value: "URL", summary: "Where it is reached, in place of a program" },
      { name: "env", value: "KEY=VALUE", isRepeatable: true, summary: "A variable of its own" },
      {
        name: "secret-env",
        value: "KEY=REFERENCE",
        isRepeatable: true,
        summary: "A variable with a secret in it, such as TOKEN=file:/etc/token",
      },
      { name: "header", value: "KEY=VALUE", isRepeatable: true, summary: "A header of requests" },
      { name: "token", value: "REFERENCE", summary: "A bearer token, such as env:NOTES_TOKEN" },
      { name: "oauth", summary: "A person logs in, with `op-mcp upstreams login`" },
      { name: "prefix", value: "TEXT", summary: "Stands before the names of its tools" },
      { name: "force", summary: "Replace a server of that name" },
    ],
    examples: [
      "op-mcp upstreams add files -- npx -y @modelcontextprotocol/server-filesystem /srv",
      "op-mcp upstreams add notes --url https://notes.example.com/mcp --oauth",
    ],
    load: async () => (await import("../commands/upstreams/add.ts")).runUpstreamsAdd,
  },
  {
    name: "upstreams remove",
    summary: "Take a server out of the configuration",
    positionals: name,
    flags: [],
    examples: ["op-mcp upstreams remove notes"],
    load: async () => (await import("../commands/upstreams/remove.ts")).runUpstreamsRemove,
  },
  {
    name: "upstreams enable",
    summary: "Use a server again",
    positionals: name,
    flags: [],
    examples: ["op-mcp upstreams enable notes"],
    load: async () => (await import("../commands/upstreams/enable.ts")).runUpstreamsEnable,
  },
  {
    name: "upstreams disable",
    summary: "Keep a server in the configuration and do not use it",
    positionals: name,
    flags: [],
    examples: ["op-mcp upstreams disable notes"],
    load: async () => (await import("../commands/upstreams/enable.ts")).runUpstreamsDisable,
  },
  {
    name: "upstreams test",
    summary: "Connect to a server, and list what it has",
    positionals: name,
    flags: [],
    examples: ["op-mcp upstreams test files"],
    load: async () => (await import("../commands/upstreams/test.ts")).runUpstreamsTest,
  },
  {
    name: "upstreams inspect",
    summary:
      "Show how a server is for the op-mcp that runs, or else what connecting to it shows: tools, errors, speed, memory",
    positionals: name,
    flags: [],
    examples: ["op-mcp upstreams inspect files", "op-mcp upstreams inspect files --json"],
    load: async () => (await import("../commands/upstreams/inspect.ts")).runUpstreamsInspect,
  },
  {
    name: "upstreams accept",
    summary: "Accept tools of a server that changed: one, or all of them",
    positionals: [...name, { name: "TOOL", isRequired: false }],
    flags: [],
    examples: ["op-mcp upstreams accept files", "op-mcp upstreams accept files read_file"],
    load: async () => (await import("../commands/upstreams/accept.ts")).runUpstreamsAccept,
  },
  {
    name: "upstreams import",
    summary: "Take over the servers of another client's configuration",
    positionals: client,
    flags: [
      { name: "file", value: "FILE", summary: "Its file, where it is not in the usual place" },
      { name: "project", summary: "The file of this project instead of the user's own" },
      { name: "print", summary: "Only print what would be added" },
      { name: "force", summary: "Replace servers of the same names" },
    ],
    examples: [
      "op-mcp upstreams import claude-desktop",
      "op-mcp upstreams import vscode --project",
    ],
    load: async () => (await import("../commands/upstreams/import.ts")).runUpstreamsImport,
  },
  {
    name: "upstreams export",
    summary: "Print the servers as another client configures them",
    positionals: client,
    flags: [],
    examples: ["op-mcp upstreams export cursor"],
    load: async () => (await import("../commands/upstreams/export.ts")).runUpstreamsExport,
  },
  {
    name: "upstreams login",
    summary: "Log in to a server that wants OAuth; works without a browser on this machine too",
    positionals: name,
    flags: [user],
    examples: ["op-mcp upstreams login notes"],
    load: async () => (await import("../commands/upstreams/login.ts")).runUpstreamsLogin,
  },
  {
    name: "upstreams logout",
    summary: "Give the tokens for a server back, and forget them",
    positionals: name,
    flags: [user],
    examples: ["op-mcp upstreams logout notes"],
    load: async () => (await import("../commands/upstreams/logout.ts")).runUpstreamsLogout,
  },
];
