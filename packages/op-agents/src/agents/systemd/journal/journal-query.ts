import { operationFailure } from "../../../serving/operation-failure.ts";
import { quote } from "../../text/quote.ts";
import { entryFields, type priorities } from "./journal-entry.ts";

/** Which entries of the journal are wanted; what is left out may be anything. */
export interface JournalQuery {
  /** How many, the newest. */
  readonly lines: number;
  readonly unit?: string;
  readonly identifier?: string;
  /** This grave or graver. */
  readonly priority?: (typeof priorities)[number];
  readonly since?: string;
  readonly until?: string;
  /** 0 for the running boot, -1 for the one before. */
  readonly boot?: number;
  /** A regular expression that the text matches. */
  readonly grep?: string;
  readonly isKernel?: boolean;
  /** Only what comes after this entry. */
  readonly after?: string;
}

/** How entries are taken from the journal. */
export type JournalDirection = "backward" | "forward" | "follow";

/** The arguments of `journalctl` for a query: each a word of its own, with its value attached. */
export function toJournalArguments(
  query: JournalQuery,
  { folder, direction }: { readonly folder: string; readonly direction: JournalDirection },
): readonly string[] {
  const { lines, unit, identifier, priority, since, until, boot, grep, isKernel, after } = query;
  return [
    "--no-pager",
    "--all",
    "--output=json",
    `--output-fields=${entryFields}`,
    ...directions[direction],
    ...(direction === "backward" ? [`--lines=${lines}`] : []),
    ...(folder === "" ? [] : [`--directory=${folder}`]),
    ...option("unit", unit),
    ...option("identifier", identifier),
    ...option("priority", priority),
    ...option("since", since === undefined ? undefined : toJournalTime(since)),
    ...option("until", until === undefined ? undefined : toJournalTime(until)),
    // Following would mean the running boot, and a sandbox in a container knows another one.
    ...(direction === "follow" && boot === undefined ? ["--merge"] : option("boot", boot)),
    ...option("grep", grep),
    ...(isKernel === true ? ["--dmesg"] : []),
    ...option("after-cursor", after),
  ];
}

function option(name: string, value: string | number | undefined): readonly string[] {
  return value === undefined ? [] : [`--${name}=${checkWord(name, String(value))}`];
}

const directions: Readonly<Record<JournalDirection, readonly string[]>> = {
  backward: ["--reverse"],
  forward: [],
  follow: ["--follow", "--no-tail"],
};

function checkWord(name: string, value: string): string {
  if (value.length <= 512 && !value.includes("\0")) return value;
  throw operationFailure({
    code: "ERR_INPUT_MALFORMED",
    message: `The input can't be used: ${name} is longer than 512 characters or contains NUL.`,
  });
}

const words = /^(?:now|today|yesterday)$/u;
const distance =
  /^-?(\d{1,9}) ?(s|sec|seconds?|m|min|minutes?|h|hours?|d|days?|w|weeks?)(?: ago)?$/u;
const instant = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d)?)?$/u;

/** A time as `journalctl` reads it: it knows neither ISO 8601 nor that `2h` lies in the past. */
function toJournalTime(text: string): string {
  const trimmed = text.trim();
  if (words.test(trimmed)) return trimmed;
  const [, count, unit] = distance.exec(trimmed) ?? [];
  if (count !== undefined && unit !== undefined) return `-${count}${unit}`;
  const millis = instant.test(trimmed) ? Date.parse(trimmed) : Number.NaN;
  if (!Number.isNaN(millis)) return `@${millis / 1000}`;
  throw operationFailure({
    code: "ERR_INPUT_MALFORMED",
    message: `The input can't be used: ${quote(text)} is no time.`,
    advice: "Times look like 2026-01-31T08:00:00Z, 2h, 30min ago, today or yesterday.",
  });
}
