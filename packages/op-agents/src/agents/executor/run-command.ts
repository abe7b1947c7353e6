import { spawn, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { createOutputText } from "../text/output-text.ts";
import type { Naming } from "./hand-over-places.ts";
import { refusal } from "./refusal.ts";

/** Where programs are: folders that only root writes. */
const programFolders = ["/usr/bin", "/bin"];

/** Nothing of the executor's own, and nothing that steers a program. */
const env = {
  PATH: programFolders.join(":"),
  LANG: "C.UTF-8",
  LC_ALL: "C.UTF-8",
  HOME: "/nonexistent",
  TERM: "dumb",
};

/** What a run is bounded by. */
export interface RunOptions {
  readonly timeoutMs: number;
  readonly outputBytes: number;
  readonly signal: AbortSignal;
  readonly onOutput: (stream: "stdout" | "stderr", text: string) => Promise<void>;
  /** Besides what all commands get. */
  readonly env?: Readonly<Record<string, string>>;
  /** Whether what it prints is read by a program, and not by people. */
  readonly isForProgram?: boolean;
  /** What it has open behind the standard streams. */
  readonly fds?: readonly number[];
  /** Puts names into what it prints. */
  readonly createNaming?: () => Naming;
}

/** A program to run. */
export interface Command {
  readonly name: string;
  readonly args: readonly string[];
  readonly cwd: string;
}

/** How a command ended. */
export type CommandResult = {
  readonly stdout: string;
  readonly stderr: string;
  /** `null` where a signal ended it. */
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly isTimedOut: boolean;
  /** Whether it was ended because it printed too much. */
  readonly isTruncated: boolean;
};

/** Runs a command to its end, or to the end of its time or output; nothing that it started is left. */
export async function runCommand(command: Command, options: RunOptions): Promise<CommandResult> {
  const { timeoutMs, outputBytes, signal, fds = [], createNaming } = options;
  const child = spawn(findProgram(command.name), command.args, {
    cwd: command.cwd,
    env: { ...env, ...options.env },
    stdio: ["ignore", "pipe", "pipe", ...fds],
    // A group of its own, so that all of it can be ended.
    detached: true,
  });
  const cut = { isTimedOut: false, isTruncated: false };
  const end = () => killGroup(child);
  // An agent stands on Node alone: the clock of op-core is not loaded into it.
  const timer = setTimeout(() => {
    cut.isTimedOut = true;
    end();
  }, timeoutMs);
  signal.addEventListener("abort", end, { once: true });
  let left = outputBytes;
  const read = async (name: "stdout" | "stderr") => {
    const text = createOutputText(options.isForProgram);
    const take = async (bytes: Buffer) => {
      const passed = bytes.subarray(0, Math.max(0, left));
      left -= bytes.length;
      if (passed.length > 0) await options.onOutput(name, text.add(passed));
      if (left >= 0) return;
      cut.isTruncated = true;
      end();
    };
    const naming = createNaming?.();
    for await (const chunk of child[name] ?? []) {
      if (Buffer.isBuffer(chunk)) await take(naming?.add(chunk) ?? chunk);
    }
    if (naming !== undefined) await take(naming.end());
    return text.end();
  };
  try {
    const [stdout, stderr, status] = await Promise.all([
      read("stdout"),
      read("stderr"),
      ended(child),
    ]);
    signal.throwIfAborted();
    return { stdout, stderr, ...status, ...cut };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", end);
    end();
  }
}

function findProgram(name: string): string {
  const found = programFolders
    .map((folder) => `${folder}/${name}`)
    .find((path) => existsSync(path));
  if (found === undefined) throw refusal(name, "this machine does not have the command");
  return found;
}

async function ended(child: ChildProcess): Promise<Pick<CommandResult, "exitCode" | "signal">> {
  return await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (exitCode, signal) => resolve({ exitCode, signal }));
  });
}

function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // The group has ended by itself.
  }
}
