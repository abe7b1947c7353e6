import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { AppendFile, AuditFiles } from "../files/audit-files.ts";
import { parseJson, RecordFields } from "../segments/record-fields.ts";

/** Where a log keeps its checkpoints. */
export function checkpointPath(directory: string): string {
  return join(directory, "checkpoints.jsonl");
}

/** One line of the file of checkpoints; nothing stands for what is none. */
export interface CheckpointLine {
  readonly offset: number;
  readonly note: string | undefined;
}

/** Reads a log's checkpoints, oldest first. The last one may be unfinished; it counts as none. */
export async function readCheckpoints(directory: string): Promise<CheckpointLine[]> {
  const text = await readIfThere(checkpointPath(directory));
  const lines: CheckpointLine[] = [];
  for (let offset = 0; offset < text.length;) {
    const end = text.indexOf("\n", offset);
    if (end === -1) break;
    lines.push({ offset, note: parseLine(text.slice(offset, end)) });
    offset = end + 1;
  }
  return lines;
}

/** Opens the file for more, and cuts off a line that a crash left unfinished. */
export async function openCheckpointFile(
  directory: string,
  files: AuditFiles,
): Promise<AppendFile> {
  const path = checkpointPath(directory);
  const bytes = Buffer.from(await readIfThere(path));
  const file = await files.openAppend(path);
  const end = bytes.lastIndexOf(10) + 1;
  if (end < bytes.length) await file.truncate(end);
  return file;
}

/** One line of the file. */
export function formatCheckpointLine(note: string): Buffer {
  return Buffer.from(`${JSON.stringify({ note })}\n`);
}

function parseLine(line: string): string | undefined {
  const fields = new RecordFields(parseJson(line), ["note"]);
  const note = fields.text("note");
  return fields.isSound ? note : undefined;
}

async function readIfThere(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return "";
    throw error;
  }
}
