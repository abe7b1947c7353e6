import type { JsonObject } from "op-core";
import type { CommandContext } from "../command.ts";
import { exitCodes, type ExitCode } from "../exit-codes.ts";
import { asNumber, asText, given } from "../json-fields.ts";
import type { StateCaller } from "./state-caller.ts";

/** The arguments of a run that the command line gives. */
export function runArguments({ flags }: CommandContext, otherwise: string): JsonObject {
  return given({ why: flags.text("why") ?? otherwise, onFailure: flags.text("on-failure") });
}

/** Makes a run whose changes were shown: tells each step as it is done, and how to take it back. */
export async function makeRun(
  { flags, screen }: CommandContext,
  state: StateCaller,
  { tool, args }: { readonly tool: `state_${string}`; readonly args: JsonObject },
): Promise<ExitCode> {
  const isJson = flags.has("json");
  let done = 0;
  const record = await state.call(tool, args, {
    onProgress: ({ progress, total, message = "" }) => {
      if (isJson || progress <= done) return;
      done = progress;
      const count = screen.paint(`${progress}/${total ?? "?"}`, "dim");
      screen.line(`${screen.paint("✓", "green")} ${count} ${screen.text(message)}`);
    },
  });
  if (isJson) screen.json(record);
  else {
    const run = asNumber(record["run"]);
    screen.line(`${screen.paint("Done", "green")}: run ${run} ${asText(record["status"])}.`);
    screen.line(screen.paint(`Take it back with: op-mcp state rollback ${run}`, "dim"));
  }
  return exitCodes.ok;
}
