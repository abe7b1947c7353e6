import type { RunCommand } from "../../command.ts";
import { exitCodes } from "../../exit-codes.ts";
import { openOwnKeys } from "../../keys/own-keys.ts";
import { printIssued } from "../../keys/print-issued.ts";
import { parseTimeSpan } from "../../keys/time-span.ts";

/** `op-mcp keys create NAME`: makes a key. */
export const runKeysCreate: RunCommand = async (context) => {
  const { flags, positionals, signal } = context;
  const expires = flags.text("expires");
  const keys = await openOwnKeys(context);
  const issued = await keys.create({
    name: positionals[0] ?? "",
    scopes: flags.all("scope"),
    ...(expires === undefined ? {} : { ttlMs: parseTimeSpan("expires", expires) }),
    signal,
  });
  using _token = issued.token;
  printIssued(context, issued);
  return exitCodes.ok;
};
