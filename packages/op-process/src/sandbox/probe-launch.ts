import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { handOverFilter } from "../seccomp/hand-over-filter.ts";
import { toStdio } from "./launch-pipes.ts";
import { planLaunch, type LaunchPlan } from "./plan-launch.ts";
import type { SandboxLevel } from "./sandbox-level.ts";
import type { SandboxTools } from "./sandbox-tools.ts";
import { createUser } from "./user-ids.ts";

/** How a trial went. */
export interface Probe {
  readonly isWorking: boolean;
  /** The first line it complained with. */
  readonly complaint: string;
}

/** Runs a program that does nothing, exactly as a child of this level would be run. */
export async function probeLaunch(level: SandboxLevel, tools: SandboxTools): Promise<Probe> {
  const plan = planLaunch({
    argv: [tools.prlimit ?? "/bin/true", "--version"],
    cwd: "/",
    env: {},
    level,
    profile: {},
    limits: {},
    tools,
    user: createUser(),
    countsOwnProcesses: true,
  });
  return await runProbe(plan);
}

/** Runs a program to its end. */
export async function runProbe({
  argv,
  user,
  pipes = [],
}: Pick<LaunchPlan, "argv"> & Partial<LaunchPlan>): Promise<Probe & { stdout: string }> {
  const [program = "", ...args] = argv;
  const stdio = ["ignore", "pipe", "pipe", ...toStdio(pipes)] as const;
  const child = spawn(program, args, { env: {}, cwd: "/", ...user, stdio: [...stdio] });
  handOverFilter(child, pipes);
  const ended = once(child, "close");
  try {
    const [stdout, stderr] = await Promise.all([
      readText(child.stdout),
      readText(child.stderr),
      ended,
    ]);
    const complaint = stderr.split("\n")[0] ?? "";
    return { isWorking: child.exitCode === 0, complaint, stdout };
  } catch (error) {
    return { isWorking: false, complaint: String(error), stdout: "" };
  }
}

async function readText(stream: Readable | null): Promise<string> {
  return stream === null ? "" : await text(stream);
}
