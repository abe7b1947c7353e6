import { open, readFile, type FileHandle } from "node:fs/promises";
import { z } from "zod";
import { AuditSinkError } from "../audit-error.ts";
import { messageLine } from "./audit-message.ts";
import type { AuditSink } from "./audit-sink.ts";

/** Makes a sink that appends a line of JSON for each message to a file; each write is on the disk when it resolves. */
export function createFileSink(options: { readonly path: string }): AuditSink {
  const name = `file ${options.path}`;
  let file: FileHandle | undefined;
  return {
    name,
    write: async (messages, { signal } = {}) => {
      signal?.throwIfAborted();
      try {
        file ??= await open(options.path, "a", 0o640);
        await file.appendFile(messages.map((message) => `${messageLine(message)}\n`).join(""));
        await file.datasync();
      } catch (error) {
        throw new AuditSinkError(name, error);
      }
    },
    [Symbol.asyncDispose]: async () => await file?.close(),
  };
}

const CheckpointLine = z.object({ checkpoint: z.string() });

/** The signed checkpoints that a file sink has kept as a witness, in the order they came. */
export async function readWitnessFile(path: string): Promise<string[]> {
  const lines = (await readFile(path, "utf8")).split("\n");
  return lines.flatMap((line) => {
    try {
      const parsed = CheckpointLine.safeParse(JSON.parse(line));
      return parsed.success ? [parsed.data.checkpoint] : [];
    } catch {
      // A line that was not finished is no checkpoint.
      return [];
    }
  });
}
