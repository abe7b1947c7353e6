import type { JsonObject } from "op-core";
import { readCount } from "../../audit/entry-filter.ts";
import type { CommandContext, RunCommand } from "../../command.ts";
import { exitCodes } from "../../exit-codes.ts";
import type { Cell } from "../../format-table.ts";
import { asList, asNumber, asObject, asText } from "../../json-fields.ts";
import type { Look } from "../../screen.ts";
import { printChanges } from "../../state/print-changes.ts";
import { readRunNumber } from "../../state/read-run-number.ts";
import { withState } from "../../state/state-caller.ts";

const statusLooks: Readonly<Record<string, Look>> = {
  completed: "green",
  undone: "yellow",
  stopped: "red",
  running: "cyan",
  undoing: "cyan",
};

/** `op-mcp state history [RUN]`: runs and checkpoints, or one with its changes. */
export const runStateHistory: RunCommand = async (context) => {
  const { flags, positionals, screen } = context;
  const [run] = positionals;
  const args =
    run === undefined ? { limit: readCount("limit", flags, 20) } : { run: readRunNumber(run) };
  const answer = await withState(context, (tools) => tools.call("state_history", args));
  if (flags.has("json")) screen.json(answer);
  else if (run === undefined) printRuns(context, asList(answer["runs"]).map(asObject));
  else printRun(context, answer);
  return exitCodes.ok;
};

function printRuns({ screen }: CommandContext, runs: readonly JsonObject[]): void {
  if (runs.length === 0) {
    screen.line("There are no runs yet.");
    return;
  }
  screen.table(["RUN", "WHEN", "WHAT", "STATUS", "WHO", "WHY"], runs.map(toRow));
}

function toRow(run: JsonObject): readonly Cell[] {
  const { kind, backTo, status, at, who, why, isRecovered } = run;
  const look = statusLooks[asText(status)];
  const back = typeof backTo === "number" ? ` to ${backTo}` : "";
  const found = isRecovered === true ? " after a crash" : "";
  return [
    { text: String(asNumber(run["run"])) },
    { text: asText(at).replace("T", " ").replace(/\..*$/, ""), look: "dim" },
    { text: `${asText(kind)}${back}` },
    { text: `${asText(status)}${found}`, ...(look === undefined ? {} : { look }) },
    { text: asText(who) },
    { text: asText(why) },
  ];
}

function printRun(context: CommandContext, answer: JsonObject): void {
  const { screen } = context;
  printRuns(context, [answer]);
  const error = asText(answer["error"]);
  if (error !== "") screen.line(screen.paint(screen.text(`It failed: ${error}`), "red"));
  screen.line();
  const steps = asList(answer["steps"]).map(asObject);
  printChanges(
    screen,
    steps.filter(({ saved }) => saved !== true),
  );
  for (const { saved, resource } of steps) {
    if (saved === true) screen.line(`  ${screen.text(asText(resource))} was saved`);
  }
}
