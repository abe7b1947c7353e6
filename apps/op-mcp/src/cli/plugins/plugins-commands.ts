import type { CommandSpec } from "../command.ts";

/** The commands for plugins of declared state. */
export const pluginsCommands: readonly CommandSpec[] = [
  {
    name: "plugins list",
    summary: "List the plugins of declared state, and services that could be some",
    positionals: [],
    flags: [],
    examples: ["op-mcp plugins list"],
    load: async () => (await import("../commands/plugins/list.ts")).runPluginsList,
  },
  {
    name: "plugins add",
    summary: "Add a plugin of somebody else: a program, an npm package or module, or a service",
    positionals: [{ name: "COMMAND", isRequired: false, isRest: true }],
    flags: [
      { name: "module", value: "PATH", summary: "An ES module, or a package installed here" },
      { name: "service", value: "NAME", summary: "A service of the system's bus" },
      { name: "print", summary: "Only print what would be added to the configuration" },
    ],
    examples: [
      "op-mcp plugins add /usr/bin/python3 /opt/notes_plugin.py",
      "op-mcp plugins add --module op-state-nftables",
      "op-mcp plugins add --service org.example.Notes",
    ],
    load: async () => (await import("../commands/plugins/add.ts")).runPluginsAdd,
  },
  {
    name: "plugins remove",
    summary: "Take an added plugin out of the configuration",
    positionals: [{ name: "NAME", isRequired: true }],
    flags: [],
    examples: ["op-mcp plugins remove notes"],
    load: async () => (await import("../commands/plugins/remove.ts")).runPluginsRemove,
  },
  {
    name: "plugins check",
    summary: "Run the contract suite against an added plugin, on this machine",
    positionals: [
      { name: "NAME", isRequired: true },
      { name: "FILE", isRequired: false, isRest: true },
    ],
    flags: [{ name: "yes", summary: "Do not ask" }],
    examples: ["op-mcp plugins check notes", "op-mcp plugins check notes one.yaml two.yaml"],
    load: async () => (await import("../commands/plugins/check.ts")).runPluginsCheck,
  },
];
