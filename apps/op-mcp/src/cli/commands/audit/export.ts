import { exportEntries, exportFormats, type AuditEntry } from "op-audit";
import { openAuditLogs, type PlacedEntry } from "../../../audit/audit-logs.ts";
import { findAuditPlaces, nowMs } from "../../audit/audit-context.ts";
import { readEntryFilter } from "../../audit/entry-filter.ts";
import { UsageError } from "../../cli-error.ts";
import type { RunCommand } from "../../command.ts";
import { exitCodes } from "../../exit-codes.ts";

/** `op-mcp audit export --format FORMAT`: all entries that fit, oldest first, on stdout. */
export const runAuditExport: RunCommand = async (context) => {
  const { flags, positionals, signal, io } = context;
  const wanted = flags.text("format") ?? "jsonl";
  const format = exportFormats.find((each) => each === wanted);
  if (format === undefined) {
    throw new UsageError(`--format cannot be ${JSON.stringify(wanted)}.`, {
      advice: `It is one of ${exportFormats.join(", ")}.`,
    });
  }
  const filter = readEntryFilter(flags, positionals.join(" "), nowMs());
  const { root } = await findAuditPlaces(context);
  await using logs = await openAuditLogs(root, flags.text("log"));
  const limit = Number.MAX_SAFE_INTEGER;
  const found = await logs.find(filter, { limit, order: "oldest", signal });
  for await (const line of exportEntries(entriesOf(found), format)) io.stdout.write(line);
  return exitCodes.ok;
};

async function* entriesOf(found: readonly PlacedEntry[]): AsyncGenerator<AuditEntry> {
  for (const { entry } of found) yield entry;
}
