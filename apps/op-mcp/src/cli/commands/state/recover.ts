import type { RunCommand } from "../../command.ts";
import { exitCodes } from "../../exit-codes.ts";
import { asList, asNumber, asObject, asText, given } from "../../json-fields.ts";
import { withState } from "../../state/state-caller.ts";

/** `op-mcp state recover`: brings interrupted runs to an end. */
export const runStateRecover: RunCommand = async (context) => {
  const { flags, screen } = context;
  const args = given({ how: flags.text("how") });
  const answer = await withState(context, (tools) => tools.call("state_recover", args));
  const runs = asList(answer["recovered"]).map(asObject);
  if (flags.has("json")) screen.json(answer);
  else if (runs.length === 0) screen.line("No run is left half done.");
  for (const { run, outcome, error } of flags.has("json") ? [] : runs) {
    const reason = asText(error) === "" ? "" : `: ${asText(error)}`;
    screen.line(`Run ${asNumber(run)} is ${screen.text(`${asText(outcome)}${reason}`)}`);
  }
  return runs.some(({ outcome }) => outcome === "unfinished") ? exitCodes.failed : exitCodes.ok;
};
