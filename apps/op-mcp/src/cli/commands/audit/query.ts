import { openAuditLogs } from "../../../audit/audit-logs.ts";
import { findAuditPlaces, nowMs } from "../../audit/audit-context.ts";
import { readCount, readEntryFilter } from "../../audit/entry-filter.ts";
import { printEntries } from "../../audit/print-entries.ts";
import type { RunCommand } from "../../command.ts";
import { exitCodes } from "../../exit-codes.ts";

/** `op-mcp audit query [text]`: entries that fit, newest first. */
export const runAuditQuery: RunCommand = async (context) => {
  const { flags, positionals, signal } = context;
  const filter = readEntryFilter(flags, positionals.join(" "), nowMs());
  const limit = readCount("limit", flags, 100);
  const { root } = await findAuditPlaces(context);
  await using logs = await openAuditLogs(root, flags.text("log"));
  printEntries(context, await logs.find(filter, { limit, order: "newest", signal }));
  return exitCodes.ok;
};
