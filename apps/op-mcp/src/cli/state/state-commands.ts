import type { CommandSpec, PositionalSpec } from "../command.ts";
import type { FlagSpec } from "../flags.ts";

const files: readonly PositionalSpec[] = [{ name: "FILE", isRequired: true, isRest: true }];

const why: FlagSpec = {
  name: "why",
  value: "TEXT",
  summary: "Why; it is kept in the history",
};

const running: readonly FlagSpec[] = [
  why,
  { name: "yes", summary: "Do not ask" },
  { name: "dry-run", summary: "Only show what would be done" },
  {
    name: "on-failure",
    value: "WHAT",
    choices: ["undo", "stop"],
    summary: "When a step fails, take everything back (undo, unless told) or leave it",
  },
];

/** The commands of declared state, through the same tools, rules and audit log as clients. */
export const stateCommands: readonly CommandSpec[] = [
  {
    name: "state plan",
    summary: "Show what would change for a file of desired state to be true",
    positionals: files,
    flags: [],
    examples: ["op-mcp state plan web.yaml", "op-mcp state plan base.yaml web.yaml --json"],
    load: async () => (await import("../commands/state/plan.ts")).runStatePlan,
  },
  {
    name: "state apply",
    summary: "Show the plan, ask, and make it so",
    positionals: files,
    flags: running,
    examples: [
      "op-mcp state apply web.yaml",
      'op-mcp state apply web.yaml --yes --why "release 7"',
    ],
    load: async () => (await import("../commands/state/apply.ts")).runStateApply,
  },
  {
    name: "state diff",
    summary: "Compare the machine with a file of desired state; fails where they differ",
    positionals: files,
    flags: [],
    examples: ["op-mcp state diff web.yaml"],
    load: async () => (await import("../commands/state/verify.ts")).runStateDiff,
  },
  {
    name: "state verify",
    summary: "Check, also by a closer look, that a file of desired state is true; fails where not",
    positionals: files,
    flags: [],
    examples: ["op-mcp state verify web.yaml"],
    load: async () => (await import("../commands/state/verify.ts")).runStateVerify,
  },
  {
    name: "state drift",
    summary: "Show what is no longer as it was applied; fails where there is something",
    positionals: [],
    flags: [],
    examples: ["op-mcp state drift"],
    load: async () => (await import("../commands/state/verify.ts")).runStateDrift,
  },
  {
    name: "state history",
    summary: "List runs and checkpoints, or show one run with its changes",
    positionals: [{ name: "RUN", isRequired: false }],
    flags: [{ name: "limit", value: "COUNT", summary: "At most so many; 20 unless told" }],
    examples: ["op-mcp state history", "op-mcp state history 12"],
    load: async () => (await import("../commands/state/history.ts")).runStateHistory,
  },
  {
    name: "state checkpoint",
    summary: "Save resources as they are, everything that is declared unless some are named",
    positionals: [{ name: "RESOURCE", isRequired: false, isRest: true }],
    flags: [why],
    examples: [
      "op-mcp state checkpoint",
      "op-mcp state checkpoint files:/etc/motd units:app.service",
    ],
    load: async () => (await import("../commands/state/checkpoint.ts")).runStateCheckpoint,
  },
  {
    name: "state rollback",
    summary: "Show the way back to a checkpoint or to before a run, ask, and go there",
    positionals: [{ name: "RUN", isRequired: true }],
    flags: running,
    examples: ["op-mcp state rollback 12", "op-mcp state rollback 12 --dry-run"],
    load: async () => (await import("../commands/state/rollback.ts")).runStateRollback,
  },
  {
    name: "state recover",
    summary: "Bring interrupted runs to an end; a start does so by itself",
    positionals: [],
    flags: [
      {
        name: "how",
        value: "HOW",
        choices: ["undo", "finish"],
        summary: "Take back what they did (unless told), or do the rest",
      },
      { name: "yes", summary: "Do not ask" },
    ],
    examples: ["op-mcp state recover --how finish"],
    load: async () => (await import("../commands/state/recover.ts")).runStateRecover,
  },
];
