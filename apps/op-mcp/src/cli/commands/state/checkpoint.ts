import type { RunCommand } from "../../command.ts";
import { exitCodes } from "../../exit-codes.ts";
import { asNumber, given } from "../../json-fields.ts";
import { withState } from "../../state/state-caller.ts";

/** `op-mcp state checkpoint [RESOURCE…]`: saves resources as they are. */
export const runStateCheckpoint: RunCommand = async (context) => {
  const { flags, positionals, screen } = context;
  const args = given({
    why: flags.text("why") ?? "a checkpoint",
    resources: positionals.length === 0 ? undefined : [...positionals],
  });
  const record = await withState(context, (tools) => tools.call("state_checkpoint", args));
  const run = asNumber(record["run"]);
  if (flags.has("json")) screen.json(record);
  else {
    screen.line(`${screen.paint("✓", "green")} Checkpoint ${run} is made.`);
    screen.line(screen.paint(`Go back to it with: op-mcp state rollback ${run}`, "dim"));
  }
  return exitCodes.ok;
};
