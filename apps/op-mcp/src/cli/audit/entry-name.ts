import { UsageError } from "../cli-error.ts";

/** A log and a place in it, as `1:42` on the command line and in tables. */
export interface EntryName {
  readonly log: string;
  readonly seq: number;
}

/** Reads the name of an entry. */
export function parseEntryName(text: string): EntryName {
  const [, log, seq] = /^(\d+):(\d+)$/.exec(text) ?? [];
  if (log !== undefined && seq !== undefined) return { log, seq: Number(seq) };
  throw new UsageError(`${JSON.stringify(text)} names no entry.`, {
    advice: "Name it as `op-mcp audit query` shows it, for example 1:42.",
  });
}
