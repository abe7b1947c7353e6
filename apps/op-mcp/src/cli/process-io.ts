import { guardStdout } from "op-protocol";
import type { CliIo } from "./cli-io.ts";

/**
 * The real streams of the process. stdout is kept for the command's own output: what a plugin prints goes to stderr. When
 * whoever reads the output has had enough, as in `op-mcp tools | head`, the process leaves quietly.
 */
export function createProcessIo(): CliIo & { readonly stdout: NodeJS.WriteStream } {
  const stdout = guardStdout();
  const { stdin, stderr, env } = process;
  for (const stream of [stdout, stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EPIPE") process.exit(0);
      throw error;
    });
  }
  return { stdin, stdout, stderr, env, cwd: process.cwd() };
}
