import type { FileHandle } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { AgentOperation } from "../operation/agent-operation.ts";
import { integerField } from "../operation/field.ts";
import { boolean, integer, objectSchema, string } from "../operation/output-schema.ts";
import type { FileSetting } from "./file-setting.ts";
import { findLastLines } from "./lines.ts";
import { openFile } from "./open-file.ts";
import { pathField } from "./path-field.ts";
import { readRange } from "./read-chunks.ts";
import { completeCharacters } from "./text-encoding.ts";

const lines = integerField("lines", "How many lines from the end.", {
  least: 0,
  most: 100_000,
  fallback: 20,
});
const followMs = integerField(
  "followMs",
  "For how long what is added is reported as progress, in milliseconds.",
  { least: 0, most: 300_000, fallback: 0 },
);

/** Reads the end of a file, and what is added to it. */
export const tailFile: AgentOperation<FileSetting> = {
  name: "tail_file",
  description:
    "Reads the last lines of a text file of any size; with followMs also what is added meanwhile, as progress.",
  risk: "read",
  isIdempotent: true,
  fields: [pathField, lines, followMs],
  outputSchema: objectSchema({ path: string, size: integer, content: string, isCut: boolean }),
  run: async (input, setting, { signal, progress }) => {
    const wanted = lines.read(input);
    await using file = await openFile(pathField.read(input), setting);
    const { handle, stats, path } = file;
    const most = setting.readBytes;
    const start = await findLastLines(handle, { size: stats.size, lines: wanted, most });
    const parts = [await readRange(handle, start, stats.size - start)];
    const isCut = start > 0 && start === stats.size - most;
    let left = most - (stats.size - start);
    const end = await follow(handle, {
      from: stats.size,
      untilMs: Date.now() + followMs.read(input),
      signal,
      onAdded: async (bytes) => {
        const kept = bytes.subarray(0, Math.max(0, left));
        left -= bytes.length;
        parts.push(Buffer.from(kept));
        await progress({ text: bytes.toString("utf8") });
      },
    });
    return {
      path,
      size: end,
      content: Buffer.concat(parts).toString("utf8"),
      isCut: isCut || left < 0,
    };
  },
};

interface FollowOptions {
  readonly from: number;
  readonly untilMs: number;
  readonly signal: AbortSignal;
  readonly onAdded: (bytes: Buffer) => Promise<void>;
}

const pollMs = 200;
const chunkBytes = 65_536;

/** Waits for what is added to a file; one that was emptied is read from its beginning. Returns where it ends. */
async function follow(handle: FileHandle, options: FollowOptions): Promise<number> {
  let position = options.from;
  while (Date.now() < options.untilMs) {
    await sleep(Math.min(pollMs, options.untilMs - Date.now()), undefined, {
      signal: options.signal,
    });
    const { size } = await handle.stat();
    if (size < position) position = 0;
    while (position < size) {
      const bytes = await readRange(handle, position, Math.min(chunkBytes, size - position));
      const whole = completeCharacters(bytes, "utf-8");
      if (whole.length === 0) break;
      position += whole.length;
      await options.onAdded(whole);
    }
  }
  return position;
}
