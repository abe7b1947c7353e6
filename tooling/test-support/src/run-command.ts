import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";

/** Where and how long a command may run. */
export interface RunCommandOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** After this time the command is killed. */
  readonly timeoutMs?: number;
}

/** How a command ended. */
export interface CommandResult {
  /** The exit code, or the signal that ended it. */
  readonly exit: number | NodeJS.Signals;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command to its end with nothing on stdin. A bad exit is a result, not an error. */
export async function runCommand(
  command: string,
  args: readonly string[],
  { cwd, env, timeoutMs = 120_000 }: RunCommandOptions,
): Promise<CommandResult> {
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, NO_COLOR: "1", ...env },
    stdio: ["ignore", "pipe", "pipe"],
    timeout: timeoutMs,
    killSignal: "SIGKILL",
  });
  const ended = new Promise<number | NodeJS.Signals>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => {
      resolve(code ?? signal ?? "SIGKILL");
    });
  });
  const [exit, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  return { exit, stdout, stderr };
}
