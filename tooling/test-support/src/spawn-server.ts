import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Writable } from "node:stream";

/** Where a server runs. */
export interface SpawnServerOptions {
  readonly cwd?: string;
  /** The server's whole environment besides `PATH`: nothing else of this process leaks into it. */
  readonly env?: Readonly<Record<string, string>>;
}

/** How a server ended. */
export interface ServerExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A server that runs until it is disposed. */
export interface SpawnedServer extends AsyncDisposable {
  readonly pid: number;
  readonly stdin: Writable;
  /** Resolves when the server has ended and its output is complete. */
  readonly exited: Promise<ServerExit>;
  /** Writes one JSON-RPC message as a line. */
  send(message: unknown): void;
  /** The next line of stdout; rejects with what stderr said when the server ends first. */
  nextLine(): Promise<string>;
  /** What stderr said so far. */
  stderr(): string;
}

/**
 * Starts a command with piped stdio, in a process group of its own. Disposing kills the whole group at once, and so
 * does the end of this process: nothing a test starts outlives it.
 */
export async function spawnServer(
  command: string,
  args: readonly string[],
  { cwd, env = {} }: SpawnServerOptions = {},
): Promise<SpawnedServer> {
  const child = spawn(command, args, {
    ...(cwd === undefined ? {} : { cwd }),
    env: { PATH: process.env["PATH"] ?? "", ...env },
    stdio: "pipe",
    detached: true,
  });
  const exited = new Promise<ServerExit>((resolve) => {
    child.once("close", (code, signal) => {
      resolve({ code, signal });
    });
  });
  const pid = await new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("spawn", () => {
      resolve(child.pid ?? 0);
    });
  });
  const kill = killGroupOnce(pid);
  process.once("exit", kill);
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => (stderr += chunk));
  // A server that has left makes writing fail; the test learns of it from `exited`.
  child.stdin.on("error", () => undefined);
  const lines = createInterface({ input: child.stdout, crlfDelay: Infinity })[
    Symbol.asyncIterator
  ]();

  return {
    pid,
    stdin: child.stdin,
    exited,
    send: (message) => {
      child.stdin.write(`${JSON.stringify(message)}\n`);
    },
    nextLine: async () => {
      const line = await lines.next();
      if (line.done !== true) return line.value;
      const { code, signal } = await exited;
      throw new Error(`The server ended (${code ?? signal}) before it wrote a line.\n${stderr}`);
    },
    stderr: () => stderr,
    [Symbol.asyncDispose]: async () => {
      kill();
      process.off("exit", kill);
      await exited;
    },
  };
}

/** Kills a process group the first time it is called: later the number may belong to another group. */
function killGroupOnce(pid: number): () => void {
  let isKilled = false;
  return () => {
    if (isKilled) return;
    isKilled = true;
    try {
      process.kill(-pid, "SIGKILL");
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
    }
  };
}
