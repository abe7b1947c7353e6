import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import type { Socket } from "node:net";
import { SpawnError, type SpawnFailureReason } from "../process-error.ts";
import { readProcess } from "../processes/process-table.ts";
import type { ProcessTraces } from "../processes/process-traces.ts";
import { toStdio } from "../sandbox/launch-pipes.ts";
import type { LaunchPlan } from "../sandbox/plan-launch.ts";
import { handOverFilter } from "../seccomp/hand-over-filter.ts";
import type { SpawnSpec } from "../spec/spawn-spec.ts";
import type { RawExit } from "./exit-cause.ts";

/** A process that runs. */
export interface Executed {
  readonly child: ChildProcess;
  readonly leader: NonNullable<ProcessTraces["leader"]>;
  /** Resolves when the process itself has ended. */
  readonly exited: Promise<RawExit>;
}

/** Executes a plan in a session of its own, or throws a {@link SpawnError}. */
export async function execute(
  { argv, cwd }: SpawnSpec,
  plan: LaunchPlan,
  stdio: readonly (Socket | "ignore")[],
): Promise<Executed> {
  const [file = "", ...args] = plan.argv;
  try {
    const child = spawn(file, args, {
      cwd,
      env: plan.env,
      ...plan.user,
      stdio: [...stdio, ...toStdio(plan.pipes)],
      detached: true,
    });
    if (child.pid === undefined) throw (await once(child, "error"))[0];
    // Still there even when it has ended: nobody has waited for it in this turn.
    const startTime = readProcess(child.pid)?.startTime ?? 0;
    const exited = once(child, "exit").then(([code, signal]): RawExit => ({ code, signal }));
    handOverFilter(child, plan.pipes);
    return { child, leader: { pid: child.pid, startTime }, exited };
  } catch (error) {
    throw new SpawnError({ program: argv[0], ...explain(error) });
  }
}

const reasons: Readonly<Record<string, SpawnFailureReason>> = {
  E2BIG: "arguments-too-long",
  EAGAIN: "machine-exhausted",
  EMFILE: "machine-exhausted",
  ENFILE: "machine-exhausted",
  ENOMEM: "machine-exhausted",
  ENOENT: "program-missing",
};

function explain(error: unknown): {
  readonly reason: SpawnFailureReason;
  readonly detail: string;
} {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const detail = error instanceof Error ? error.message : String(error);
  return { reason: reasons[code] ?? "program-not-executable", detail };
}
