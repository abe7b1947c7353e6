import { clientIds } from "../clients/client-ids.ts";
import { agentsCommands } from "./agents/agents-commands.ts";
import { auditCommands } from "./audit/audit-commands.ts";
import { keysCommands } from "./keys/keys-commands.ts";
import { pinsCommands } from "./pins/pins-commands.ts";
import { policyCommands } from "./policy/policy-commands.ts";
import { serveCommand } from "./serve/serve-command.ts";
import { pluginsCommands } from "./plugins/plugins-commands.ts";
import { stateCommands } from "./state/state-commands.ts";
import { upstreamsCommands } from "./upstreams/upstreams-commands.ts";
import { dbusCommands } from "./dbus/dbus-commands.ts";
import type { CommandGroup, CommandSpec } from "./command.ts";

/** The commands of two words, by their first. */
export const commandGroups: readonly CommandGroup[] = [
  { name: "keys", summary: "Make and end the API keys that let programs in over the network" },
  { name: "agents", summary: "Look at agents, give them work, and read what they say" },
  {
    name: "state",
    summary: "Declare what should be true of this machine, plan, apply, and go back",
  },
  {
    name: "plugins",
    summary: "Look at the plugins of declared state; add, remove and check those of others",
  },
  { name: "dbus", summary: "Look at the services of D-Bus, and call them" },
  { name: "upstreams", summary: "Add, try, import and log in to the MCP servers behind op-mcp" },
  { name: "pins", summary: "Look at tools of others that changed, and approve them" },
  { name: "policy", summary: "Check, explain and try who may do what" },
  {
    name: "audit",
    summary: "Look into the audit log: what was done, by whom, and whether it is whole",
  },
];

/** Every command, in the order of the help. */
export const commands: readonly CommandSpec[] = [
  {
    name: "tools",
    summary: "List the tools, or find some in plain language",
    positionals: [{ name: "query", isRequired: false, isRest: true }],
    flags: [
      { name: "source", value: "NAME", summary: "Only tools of this source" },
      { name: "category", value: "NAME", summary: "Only tools of this category" },
      {
        name: "risk",
        value: "RISK",
        choices: ["read", "write", "destructive", "privileged"],
        summary: "Only tools of this risk",
      },
    ],
    examples: ["op-mcp tools", "op-mcp tools restart a service", "op-mcp tools --risk read --json"],
    load: async () => (await import("./commands/tools.ts")).runTools,
  },
  {
    name: "call",
    summary: "Call a tool",
    positionals: [
      { name: "NAME", isRequired: true },
      { name: "JSON", isRequired: false },
    ],
    flags: [{ name: "timeout", value: "SECONDS", summary: "Give up after this time" }],
    examples: [
      "op-mcp call get_system_info",
      `op-mcp call check_command_exists '{"command": "git"}'`,
      "op-mcp call NAME @arguments.json",
      "echo '{}' | op-mcp call NAME -",
    ],
    load: async () => (await import("./commands/call.ts")).runCall,
  },
  {
    name: "doctor",
    summary: "Check that everything works, and say what to do where it does not",
    positionals: [],
    flags: [],
    examples: ["op-mcp doctor"],
    load: async () => (await import("./commands/doctor.ts")).runDoctor,
  },
  {
    name: "approve",
    summary: "Approve a call that waits for a code, or list the calls that wait",
    positionals: [{ name: "CODE", isRequired: false }],
    flags: [{ name: "yes", summary: "Do not ask again" }],
    examples: ["op-mcp approve", "op-mcp approve CODE"],
    load: async () => (await import("./commands/approve.ts")).runApprove,
  },
  ...agentsCommands,
  ...stateCommands,
  ...pluginsCommands,
  ...dbusCommands,
  ...upstreamsCommands,
  ...pinsCommands,
  ...policyCommands,
  ...auditCommands,
  ...keysCommands,
  {
    name: "config",
    summary: "Show or check the configuration",
    positionals: [{ name: "WHAT", isRequired: true, choices: ["show", "schema", "docs", "check"] }],
    flags: [{ name: "origin", summary: "show: also where each value comes from" }],
    examples: ["op-mcp config show --origin", "op-mcp config check --config new.yaml"],
    load: async () => (await import("./commands/config.ts")).runConfig,
  },
  {
    name: "init",
    summary: "Add op-mcp to a client's configuration",
    positionals: [{ name: "CLIENT", isRequired: true, choices: clientIds }],
    flags: [
      { name: "project", summary: "Into this project's file instead of the user's own" },
      { name: "name", value: "NAME", summary: "The entry's name; op-mcp unless told" },
      {
        name: "env",
        value: "KEY=VALUE",
        isRepeatable: true,
        summary: "An environment variable for the server",
      },
      { name: "print", summary: "Only print what would be added" },
      { name: "force", summary: "Replace an entry of that name" },
      { name: "undo", summary: "Take it out again" },
    ],
    examples: [
      "op-mcp init claude-code",
      "op-mcp init vscode --project",
      "op-mcp init codex --undo",
    ],
    load: async () => (await import("./commands/init.ts")).runInit,
  },
  serveCommand,
  {
    name: "start",
    summary: "Check the server, show how clients connect, and serve over HTTP until Ctrl-C",
    positionals: [],
    flags: [],
    examples: ["op-mcp start"],
    load: async () => (await import("./commands/start.ts")).runStart,
  },
  {
    name: "completions",
    summary: "Print completions for a shell",
    positionals: [{ name: "SHELL", isRequired: true, choices: ["bash", "zsh", "fish"] }],
    flags: [],
    examples: ['eval "$(op-mcp completions bash)"', "op-mcp completions fish | source"],
    load: async () => (await import("./commands/completions.ts")).runCompletions,
  },
  {
    name: "help",
    summary: "Show help, of a command where one is named",
    positionals: [{ name: "command", isRequired: false, isRest: true }],
    flags: [],
    examples: ["op-mcp help call"],
    load: async () => (await import("./commands/help.ts")).runHelp,
  },
  {
    name: "version",
    summary: "Show the version",
    positionals: [],
    flags: [],
    examples: ["op-mcp version --json"],
    load: async () => (await import("./commands/version.ts")).runVersion,
  },
];
