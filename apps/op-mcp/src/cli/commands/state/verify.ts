import type { JsonObject } from "op-core";
import type { CommandContext, RunCommand } from "../../command.ts";
import { exitCodes, type ExitCode } from "../../exit-codes.ts";
import { asList, asObject } from "../../json-fields.ts";
import {
  changesOf,
  printChanges,
  printDeviations,
  printSummary,
} from "../../state/print-changes.ts";
import { readDesiredState } from "../../state/read-desired-state.ts";
import { withState } from "../../state/state-caller.ts";

/** `op-mcp state verify FILE…`: whether it is true. */
export const runStateVerify: RunCommand = async (context) => {
  const state = await readDesiredState(context.positionals, context.io);
  const answer = await withState(context, (tools) => tools.call("state_verify", { state }));
  return tell(context, answer, "Everything is as desired.");
};

/** `op-mcp state drift`: what is no longer as it was applied. */
export const runStateDrift: RunCommand = async (context) => {
  const answer = await withState(context, (tools) => tools.call("state_drift", {}));
  return tell(context, answer, "Nothing has drifted.");
};

/** `op-mcp state diff FILE…`: what differs, resource by resource. */
export const runStateDiff: RunCommand = async (context) => {
  const { flags, io, positionals, screen } = context;
  const state = await readDesiredState(positionals, io);
  const changes = await withState(context, async (tools) => {
    const answers = [];
    for (const [plugin, resources] of Object.entries(state)) {
      answers.push(
        await tools.call(`state_${plugin}_diff`, { resources: withoutOrder(resources) }),
      );
    }
    return answers.flatMap(changesOf);
  });
  if (flags.has("json")) screen.json({ changes });
  else if (changes.length === 0) screen.line(`${screen.paint("✓", "green")} No difference.`);
  else {
    printChanges(screen, changes);
    screen.line();
    printSummary(screen, changes, "");
  }
  return changes.length === 0 ? exitCodes.ok : exitCodes.failed;
};

/** The order of changes is no matter of one resource. */
function withoutOrder(resources: JsonObject[string] | undefined): JsonObject {
  const entries = Object.entries(asObject(resources)).map(([key, value]) => {
    if (typeof value === "string") return [key, value] as const;
    const { requires: _order, ...desired } = asObject(value);
    return [key, desired] as const;
  });
  return Object.fromEntries(entries);
}

function tell({ flags, screen }: CommandContext, answer: JsonObject, well: string): ExitCode {
  const deviations = asList(answer["deviations"]);
  if (flags.has("json")) screen.json(answer);
  else if (deviations.length === 0) screen.line(`${screen.paint("✓", "green")} ${well}`);
  else {
    printDeviations(screen, deviations);
    screen.line();
    const count = `${deviations.length} ${deviations.length === 1 ? "thing is" : "things are"}`;
    screen.line(screen.paint(`${count} not as desired.`, "yellow"));
  }
  return deviations.length === 0 ? exitCodes.ok : exitCodes.failed;
}
