import type { CommandSpec } from "../command.ts";

/** The commands for API keys. What they change counts for the next request to a server that runs. */
export const keysCommands: readonly CommandSpec[] = [
  {
    name: "keys create",
    summary: "Make a key, and print its token this once",
    positionals: [{ name: "NAME", isRequired: true }],
    flags: [
      {
        name: "scope",
        value: "SCOPE",
        isRepeatable: true,
        summary: "A scope it grants, for the policy's roles and rules",
      },
      { name: "expires", value: "TIME", summary: "When it ends, as in 90d, 12h or 30m" },
    ],
    examples: ["op-mcp keys create ci --scope ops --expires 90d"],
    load: async () => (await import("../commands/keys/create.ts")).runKeysCreate,
  },
  {
    name: "keys list",
    summary: "List the keys: their scopes, when they end and when they were used last",
    positionals: [],
    flags: [],
    examples: ["op-mcp keys list"],
    load: async () => (await import("../commands/keys/list.ts")).runKeysList,
  },
  {
    name: "keys rotate",
    summary: "Give a key a new token, and print it this once",
    positionals: [{ name: "ID", isRequired: true }],
    flags: [
      {
        name: "overlap",
        value: "TIME",
        summary: "How long the old token goes on to work; 24h unless told, 0 ends it at once",
      },
    ],
    examples: ["op-mcp keys rotate ID --overlap 1h"],
    load: async () => (await import("../commands/keys/rotate.ts")).runKeysRotate,
  },
  {
    name: "keys revoke",
    summary: "End a key at once",
    positionals: [{ name: "ID", isRequired: true }],
    flags: [],
    examples: ["op-mcp keys revoke ID"],
    load: async () => (await import("../commands/keys/revoke.ts")).runKeysRevoke,
  },
];
