import type { CliIo } from "./cli-io.ts";

/**
 * The real streams of the process. When whoever reads the output has had enough, as in `op-mcp tools | head`, the
 * process leaves quietly.
 */
export function createProcessIo(): CliIo {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EPIPE") process.exit(0);
      throw error;
    });
  }
  const { stdin, stdout, stderr, env } = process;
  return { stdin, stdout, stderr, env, cwd: process.cwd() };
}
