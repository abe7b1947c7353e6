import type { RunCommand } from "../../command.ts";
import { exitCodes } from "../../exit-codes.ts";
import { openOwnKeys } from "../../keys/own-keys.ts";
import { printIssued } from "../../keys/print-issued.ts";
import { parseTimeSpan } from "../../keys/time-span.ts";

/** `op-mcp keys rotate ID`: gives a key a new token. */
export const runKeysRotate: RunCommand = async (context) => {
  const { flags, positionals, signal } = context;
  const overlapMs = parseTimeSpan("overlap", flags.text("overlap") ?? "24h");
  const keys = await openOwnKeys(context);
  const issued = await keys.rotate(positionals[0] ?? "", { overlapMs, signal });
  using _token = issued.token;
  printIssued(context, issued);
  return exitCodes.ok;
};
