import { access, readdir } from "node:fs/promises";
import { join } from "node:path";
import { constants } from "node:fs";
import type { JsonObject } from "op-core";
import type { BusCallOptions } from "../systemd-bus.ts";
import type { SystemdArguments } from "../systemd-setting.ts";
import { toJournalArguments, type JournalQuery } from "./journal-query.ts";
import type { JournalEntry } from "./journal-entry.ts";
import { runJournalctl } from "./run-journalctl.ts";

/** What was found in the journal. */
export interface FoundEntries {
  /** Oldest first. */
  readonly entries: readonly JsonObject[];
  /** Where the last of them is; empty when there is none. */
  readonly cursor: string;
}

/** So much is told in one answer. */
const mostBytes = 512 * 1024;

/** Finds the newest entries of a query; or the next ones, after a cursor. */
export async function readEntries(
  query: JournalQuery,
  { journal }: Pick<SystemdArguments, "journal">,
  options: BusCallOptions,
): Promise<FoundEntries> {
  const direction = query.after === undefined ? "backward" : "forward";
  const args = toJournalArguments(query, { folder: journal, direction });
  const found: JournalEntry[] = [];
  let bytes = 0;
  for await (const each of runJournalctl(args, options)) {
    bytes += Buffer.byteLength(JSON.stringify(each.entry));
    if (bytes > mostBytes) break;
    found.push(each);
    if (found.length === query.lines) break;
  }
  if (direction === "backward") found.reverse();
  return { entries: found.map(({ entry }) => entry), cursor: found.at(-1)?.cursor ?? "" };
}

/** Whether this user sees the system's entries, and not only its own. */
export async function canReadSystemJournal({
  journal,
}: Pick<SystemdArguments, "journal">): Promise<boolean> {
  const roots = journal === "" ? ["/var/log/journal", "/run/log/journal"] : [journal];
  for (const root of roots) {
    const folders = await readdir(root).catch(() => []);
    for (const folder of ["", ...folders]) {
      const file = join(root, folder, "system.journal");
      if (await access(file, constants.R_OK).then(isTrue, isFalse)) return true;
    }
  }
  return false;
}

const isTrue = () => true;
const isFalse = () => false;
