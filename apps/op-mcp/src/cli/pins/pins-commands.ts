import type { CommandSpec } from "../command.ts";

const name = [{ name: "NAME", isRequired: true }];

/** The commands about tools that changed since they were approved. */
export const pinsCommands: readonly CommandSpec[] = [
  {
    name: "pins list",
    summary: "List the tools that were approved, and which have changed since",
    positionals: [],
    flags: [],
    examples: ["op-mcp pins list"],
    load: async () => (await import("../commands/pins/list.ts")).runPinsList,
  },
  {
    name: "pins show",
    summary: "Show what a tool was when it was approved, and what it is now",
    positionals: name,
    flags: [],
    examples: ["op-mcp pins show NAME"],
    load: async () => (await import("../commands/pins/show.ts")).runPinsShow,
  },
  {
    name: "pins approve",
    summary: "Let a tool that changed be called as it is now",
    positionals: name,
    flags: [],
    examples: ["op-mcp pins approve NAME"],
    load: async () => (await import("../commands/pins/approve.ts")).runPinsApprove,
  },
];
