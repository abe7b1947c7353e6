import type { JsonObject } from "op-core";
import { isJsonObject } from "../../../serving/is-json-object.ts";
import { objectSchema, orNull, string } from "../../operation/output-schema.ts";
import { cleanText } from "../../text/clean-text.ts";

/** The words for priorities, gravest first: their places are their numbers. */
export const priorities = [
  "emerg",
  "alert",
  "crit",
  "err",
  "warning",
  "notice",
  "info",
  "debug",
] as const;

/** The fields of an entry that are read; the rest stays in the journal. */
export const entryFields =
  "MESSAGE,PRIORITY,SYSLOG_IDENTIFIER,_COMM,_PID,_SYSTEMD_UNIT,UNIT,_HOSTNAME";

/** What is told of an entry. */
export const entrySchema: JsonObject = objectSchema(
  {
    time: string,
    priority: string,
    unit: orNull("string"),
    process: string,
    pid: orNull("integer"),
    text: string,
  },
  ["pid"],
);

/** An entry, and where it is in the journal. */
export interface JournalEntry {
  readonly entry: JsonObject;
  readonly cursor: string;
}

const longestMessage = 4096;

/** Reads an entry as `journalctl` writes it; what is none is nothing. */
export function parseJournalEntry(line: string): JournalEntry | undefined {
  const fields = parseObject(line);
  if (fields === undefined) return undefined;
  const micros = Number(fields["__REALTIME_TIMESTAMP"]);
  if (!Number.isFinite(micros)) return undefined;
  const pid = Number(textOf(fields["_PID"]));
  const unit = textOf(fields["UNIT"]) || textOf(fields["_SYSTEMD_UNIT"]);
  return {
    cursor: textOf(fields["__CURSOR"]),
    entry: {
      time: new Date(micros / 1000).toISOString(),
      priority: priorities[Number(textOf(fields["PRIORITY"]) || "6")] ?? "info",
      unit: unit === "" ? null : cleanText(unit),
      process: cleanText(textOf(fields["SYSLOG_IDENTIFIER"]) || textOf(fields["_COMM"])),
      ...(pid > 0 ? { pid } : {}),
      text: cleanText(textOf(fields["MESSAGE"]), longestMessage),
    },
  };
}

function parseObject(line: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** A field is a text, a list of bytes where it is no clean text, or a list of either where there are several. */
function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  if (!Array.isArray(value)) return "";
  if (value.every((each) => typeof each === "number")) return Buffer.from(value).toString("utf8");
  return textOf(value[0]);
}
