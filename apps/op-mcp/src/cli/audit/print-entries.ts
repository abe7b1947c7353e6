import type { PlacedEntry } from "../../audit/audit-logs.ts";
import type { CommandContext } from "../command.ts";
import type { Cell } from "../format-table.ts";
import type { Look } from "../screen.ts";

const looks: Readonly<Record<string, Look>> = {
  ok: "green",
  refused: "yellow",
  failed: "red",
  "timed-out": "red",
  cancelled: "dim",
};

/** Prints entries as a table, or each as a line of JSON with the log it lies in. */
export function printEntries(
  { flags, screen }: Pick<CommandContext, "flags" | "screen">,
  entries: readonly PlacedEntry[],
): void {
  if (flags.has("json")) {
    for (const { log, entry } of entries) screen.line(JSON.stringify({ log, ...entry }));
    return;
  }
  if (entries.length === 0) {
    screen.line("No entry fits.");
    return;
  }
  screen.table(["ENTRY", "TIME", "WHO", "WHAT", "HOW", "DETAILS"], entries.map(toRow));
}

/** Prints one entry that has just come, without a head. */
export function printEntry(
  { flags, screen }: Pick<CommandContext, "flags" | "screen">,
  placed: PlacedEntry,
): void {
  if (flags.has("json")) screen.line(JSON.stringify({ log: placed.log, ...placed.entry }));
  else {
    const cells = toRow(placed).map(({ text, look }) => screen.paint(screen.text(text), look));
    screen.line(cells.join("  "));
  }
}

function toRow({ log, entry }: PlacedEntry): readonly Cell[] {
  return [
    { text: `${log}:${entry.seq}`, look: "dim" },
    { text: entry.at.replace("T", " ").replace("Z", "") },
    { text: entry.principal ?? "" },
    ...describe(entry),
  ];
}

function describe(entry: PlacedEntry["entry"]): readonly [Cell, Cell, Cell] {
  if (entry.kind === "event") {
    const details = entry.details === undefined ? "" : JSON.stringify(entry.details);
    return [{ text: entry.event, look: "cyan" }, { text: "event" }, { text: details }];
  }
  const args = entry.arguments === undefined ? "" : JSON.stringify(entry.arguments);
  const rule = entry.decision?.rule === undefined ? "" : ` [${entry.decision.rule}]`;
  const what: Cell = { text: entry.tool };
  if (entry.kind === "call-began") return [what, { text: "began" }, { text: `${args}${rule}` }];
  const look = looks[entry.outcome];
  const how: Cell = { text: entry.outcome, ...(look === undefined ? {} : { look }) };
  const code = entry.errorCode === undefined ? "" : `${entry.errorCode} `;
  return [what, how, { text: `${code}${args}${rule}` }];
}
