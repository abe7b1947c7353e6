import type { RunCommand } from "../../command.ts";
import { exitCodes } from "../../exit-codes.ts";
import { changesOf } from "../../state/print-changes.ts";
import { printPlan } from "../../state/print-plan.ts";
import { readDesiredState } from "../../state/read-desired-state.ts";
import { makeRun, runArguments } from "../../state/run-changes.ts";
import { withState } from "../../state/state-caller.ts";

/** `op-mcp state apply FILE…`: shows the plan, asks, and makes it so. */
export const runStateApply: RunCommand = async (context) => {
  const { flags, io, positionals, screen } = context;
  const state = await readDesiredState(positionals, io);
  return await withState(context, async (tools) => {
    const plan = await tools.call("state_plan", { state });
    const isOver = flags.has("dry-run") || changesOf(plan).length === 0;
    if (!flags.has("json")) printPlan(screen, plan);
    else if (isOver) screen.json(plan);
    if (isOver) return exitCodes.ok;
    const why = runArguments(context, `apply ${positionals.join(", ")}`);
    const args = { plan: plan["plan"] ?? "", ...why };
    return await makeRun(context, tools, { tool: "state_apply", args });
  });
};
