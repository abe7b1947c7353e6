import { existsSync } from "node:fs";
import { refusal } from "../refusal.ts";
import type { CommandResult, RunOptions } from "../run-command.ts";
import { runCommand } from "../run-command.ts";

/** Where git runs, and what it is told beside its arguments. */
interface GitRun {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly isForProgram?: boolean;
}

/** Runs git. */
export type RunGit = (args: readonly string[], run: GitRun) => Promise<CommandResult>;

/** In a folder that only root writes. */
const program = "/usr/bin/git";

/** Nothing of the user's or the machine's configuration, no questions, no editor, no pager, no network. */
const env = {
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_ATTR_NOSYSTEM: "1",
  GIT_TERMINAL_PROMPT: "0",
  GIT_ASKPASS: "false",
  GIT_EDITOR: "false",
  GIT_SEQUENCE_EDITOR: "false",
  GIT_PAGER: "cat",
  GIT_ALLOW_PROTOCOL: "none",
  GIT_NO_LAZY_FETCH: "1",
  GIT_OPTIONAL_LOCKS: "0",
};

/**
 * Makes a runner of git that can start no other program: a limit of one process makes the kernel refuse each further one,
 * whatever git was led to.
 */
export function createRunGit(options: RunOptions): RunGit {
  if (!existsSync(program)) throw refusal("git", "this machine does not have the command");
  return async (args, run) =>
    await runCommand(
      {
        name: "prlimit",
        args: ["--nproc=1", "--core=0", "--", program, "--no-pager", ...args],
        cwd: run.cwd,
      },
      { ...options, env: { ...env, ...run.env }, isForProgram: run.isForProgram ?? false },
    );
}
