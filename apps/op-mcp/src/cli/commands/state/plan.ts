import type { RunCommand } from "../../command.ts";
import { exitCodes } from "../../exit-codes.ts";
import { printPlan } from "../../state/print-plan.ts";
import { readDesiredState } from "../../state/read-desired-state.ts";
import { withState } from "../../state/state-caller.ts";

/** `op-mcp state plan FILE…`: what would change. */
export const runStatePlan: RunCommand = async (context) => {
  const { flags, io, positionals, screen } = context;
  const state = await readDesiredState(positionals, io);
  const plan = await withState(context, (tools) => tools.call("state_plan", { state }));
  if (flags.has("json")) screen.json(plan);
  else printPlan(screen, plan);
  return exitCodes.ok;
};
