import type { RunCommand } from "../../command.ts";
import { exitCodes } from "../../exit-codes.ts";
import { changesOf, printChanges, printSummary } from "../../state/print-changes.ts";
import { readRunNumber } from "../../state/read-run-number.ts";
import { makeRun, runArguments } from "../../state/run-changes.ts";
import { withState } from "../../state/state-caller.ts";

/** `op-mcp state rollback RUN`: shows the way back, asks, and goes there. */
export const runStateRollback: RunCommand = async (context) => {
  const { flags, positionals, screen } = context;
  const to = readRunNumber(positionals[0] ?? "");
  const args = { to, ...runArguments(context, `back to ${to}`) };
  return await withState(context, async (tools) => {
    const preview = await tools.call("state_rollback", { ...args, dryRun: true });
    const changes = changesOf(preview);
    const isOver = flags.has("dry-run") || changes.length === 0;
    if (flags.has("json")) {
      if (isOver) screen.json(preview);
    } else if (changes.length === 0) {
      screen.line(`${screen.paint("✓", "green")} Everything is as it was then.`);
    } else {
      printChanges(screen, changes);
      screen.line();
      printSummary(screen, changes, "");
    }
    if (isOver) return exitCodes.ok;
    return await makeRun(context, tools, { tool: "state_rollback", args });
  });
};
