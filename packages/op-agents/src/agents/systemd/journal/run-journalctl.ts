import { spawn, type ChildProcess } from "node:child_process";
import type { Readable } from "node:stream";
import { operationFailure } from "../../../serving/operation-failure.ts";
import { cleanText } from "../../text/clean-text.ts";
import { parseJournalEntry, type JournalEntry } from "./journal-entry.ts";

/** Nothing of the agent's own: a pager or colours would be somebody else's program, or no JSON. */
const env = { PATH: "/usr/bin:/bin", LC_ALL: "C.UTF-8", SYSTEMD_COLORS: "0", SYSTEMD_PAGER: "" };

/** Entries that are longer are left out: the longest that are told are far shorter. */
const longestLine = 1024 * 1024;

/** How a run of `journalctl` ends early. */
export interface JournalctlOptions {
  readonly signal: AbortSignal;
}

/**
 * Runs `journalctl` and yields its entries as they come. It is ended when the signal aborts, and when nobody takes entries
 * any more.
 */
export async function* runJournalctl(
  args: readonly string[],
  { signal }: JournalctlOptions,
): AsyncGenerator<JournalEntry> {
  signal.throwIfAborted();
  const child = spawn("journalctl", args, {
    // In which `today` is meant: a sandbox hides the folder that says it to programs.
    env: { ...env, TZ: Intl.DateTimeFormat().resolvedOptions().timeZone },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const end = () => child.kill("SIGKILL");
  signal.addEventListener("abort", end, { once: true });
  const ended = waitForEnd(child);
  const complaints = readComplaints(child.stderr);
  try {
    for await (const line of readLines(child.stdout)) {
      const entry = parseJournalEntry(line);
      if (entry !== undefined) yield entry;
    }
    const code = await ended;
    signal.throwIfAborted();
    // With 1 and without a word nothing was found.
    const said = (await complaints).trim();
    if (code !== 0 && (code !== 1 || said !== "")) throw journalFailure(said);
  } finally {
    signal.removeEventListener("abort", end);
    end();
    await ended.catch(() => undefined);
  }
}

async function waitForEnd(child: ChildProcess): Promise<number | null> {
  const { promise, resolve, reject } = Promise.withResolvers<number | null>();
  child.once("error", (error) => reject(journalFailure(error.message)));
  child.once("close", (code) => resolve(code));
  return await promise;
}

function journalFailure(detail: string): Error {
  return operationFailure({
    code: "ERR_JOURNAL",
    message: `The journal can't be read: ${cleanText(detail, 400)}`,
    advice:
      "Check that systemd-journald runs, and that op-mcp's user is in the group systemd-journal.",
  });
}

async function readComplaints(stream: Readable): Promise<string> {
  let text = "";
  for await (const chunk of stream) text = (text + String(chunk)).slice(0, 4096);
  return text;
}

async function* readLines(stream: Readable): AsyncGenerator<string> {
  let rest: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream) {
    if (!Buffer.isBuffer(chunk)) continue;
    let from = 0;
    for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, from)) {
      rest.push(chunk.subarray(from, at));
      if (length + at - from <= longestLine) yield Buffer.concat(rest).toString("utf8");
      rest = [];
      length = 0;
      from = at + 1;
    }
    length += chunk.length - from;
    if (length <= longestLine) rest.push(chunk.subarray(from));
    else rest = [];
  }
}
