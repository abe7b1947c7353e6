import { spawn } from "node:child_process";
import { startDeadline, type Clock } from "op-core";

/** What running a command for a secret takes. */
export interface RunSecretCommandOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

const mostBytes = 64 * 1024;
const mostMs = 30_000;

/**
 * Runs a program without a shell and resolves with what it writes. It may take half a minute, for those that ask a
 * person; its complaints go to stderr. It and what it started are killed when the signal aborts.
 */
export async function runSecretCommand(
  [program, ...args]: readonly [string, ...string[]],
  { env, clock, signal }: RunSecretCommandOptions,
): Promise<Buffer> {
  using deadline = startDeadline({ what: `Running ${program}`, ms: mostMs, clock, signal });
  deadline.signal.throwIfAborted();
  // A process group of its own, so that what it starts can be killed with it.
  const child = spawn(program, args, {
    env: { ...env },
    detached: true,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const killGroup = (): void => {
    if (child.pid === undefined) return;
    try {
      process.kill(-child.pid, "SIGKILL");
    } catch {
      // It has ended already.
    }
  };
  const ended = Promise.withResolvers<void>();
  child.once("error", ended.reject);
  child.once("close", (code, killedBy) => {
    if (code === 0) ended.resolve();
    else ended.reject(new Error(`the program ended with ${killedBy ?? `exit code ${code}`}`));
  });
  const stop = (): void => {
    ended.reject(deadline.signal.reason);
    killGroup();
  };
  deadline.signal.addEventListener("abort", stop, { once: true });
  const chunks: Buffer[] = [];
  let length = 0;
  child.stdout.on("data", (chunk: Buffer) => {
    length += chunk.length;
    if (length <= mostBytes) {
      chunks.push(chunk);
      return;
    }
    ended.reject(new Error(`the program wrote more than ${mostBytes} bytes`));
    killGroup();
  });
  await ended.promise;
  return Buffer.concat(chunks);
}
