import { openAuditLogs } from "../../../audit/audit-logs.ts";
import { findAuditPlaces } from "../../audit/audit-context.ts";
import { readCount } from "../../audit/entry-filter.ts";
import { printEntries, printEntry } from "../../audit/print-entries.ts";
import type { RunCommand } from "../../command.ts";
import { exitCodes } from "../../exit-codes.ts";

/** `op-mcp audit tail [--follow]`: the last entries, and those that come. */
export const runAuditTail: RunCommand = async (context) => {
  const { flags, signal } = context;
  const limit = readCount("lines", flags, 20);
  const { root } = await findAuditPlaces(context);
  await using logs = await openAuditLogs(root, flags.text("log"));
  const last = await logs.find({}, { limit, order: "newest", signal });
  printEntries(context, last.toReversed());
  if (!flags.has("follow")) return exitCodes.ok;
  await logs.follow((placed) => printEntry(context, placed), signal);
  return exitCodes.interrupted;
};
