import type { CommandSpec } from "../command.ts";

/** The commands that look at agents, and give them work through the same rules and audit log as clients. */
export const agentsCommands: readonly CommandSpec[] = [
  {
    name: "agents list",
    summary: "List the types of agents, and what they do",
    positionals: [],
    flags: [],
    examples: ["op-mcp agents list"],
    load: async () => (await import("../commands/agents/list.ts")).runAgentsList,
  },
  {
    name: "agents status",
    summary: "Show the agents of all servers of yours that run; on a terminal until Ctrl-C",
    positionals: [],
    flags: [{ name: "once", summary: "Show them once" }],
    examples: ["op-mcp agents status", "op-mcp agents status --json"],
    load: async () => (await import("../commands/agents/status.ts")).runAgentsStatus,
  },
  {
    name: "agents run",
    summary: "Give an agent a task, and show what it says until it is done",
    positionals: [
      { name: "TYPE", isRequired: true },
      { name: "OPERATION", isRequired: true },
      { name: "JSON", isRequired: false },
    ],
    flags: [],
    examples: [
      `op-mcp agents run executor execute_command '{"argv": ["uptime"]}'`,
      "op-mcp agents run TYPE OPERATION @input.json",
    ],
    load: async () => (await import("../commands/agents/run.ts")).runAgentsRun,
  },
  {
    name: "agents logs",
    summary: "Show what agents said, and what happened to them",
    positionals: [{ name: "agent", isRequired: false }],
    flags: [
      { name: "lines", value: "COUNT", summary: "How many of the last lines; 50 unless told" },
      { name: "follow", summary: "Go on with those that come, until Ctrl-C" },
    ],
    examples: ["op-mcp agents logs", "op-mcp agents logs executor-1 --follow"],
    load: async () => (await import("../commands/agents/logs.ts")).runAgentsLogs,
  },
];
