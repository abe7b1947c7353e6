import type { Clock } from "op-core";
import { endTree } from "../processes/end-tree.ts";
import { sendSignal } from "../processes/send-signal.ts";
import { isAtLeast } from "../sandbox/sandbox-level.ts";
import type { ExitStatus } from "../spec/exit-status.ts";
import { noUsage, type ResourceUsage } from "../spec/resource-usage.ts";
import type { SpawnSpec } from "../spec/spawn-spec.ts";
import { toExitCause, type RawExit } from "./exit-cause.ts";
import { findTargets } from "./find-targets.ts";
import { laterUsage, measureTree, type Measurement } from "./measure-tree.ts";
import type { KillCause } from "./spawner-message.ts";
import type { StartedChild } from "./start-child.ts";
import { watchLimits } from "./watch-limits.ts";

/** A child in the spawner's keeping. */
export interface KeptChild {
  /** Resolves when the child ended and nothing that it started is left. */
  readonly ended: Promise<ExitStatus>;
  /** Asks it to leave, and kills it after the grace; without a grace, its own. */
  kill(cause: KillCause, graceMs?: number): void;
  /** Signals its group. */
  signal(signal: NodeJS.Signals): void;
  measure(): ResourceUsage;
}

/** What keeping a child takes. */
export interface KeepOptions {
  readonly spec: SpawnSpec;
  readonly clock: Clock;
}

const defaultGraceMs = 2_000;

/** Takes a started child into keeping: watches its limits, and cleans up behind it however it ends. */
export function keepChild(started: StartedChild, { spec, clock }: KeepOptions): KeptChild {
  const { tree, enforced } = started;
  const { limits = {}, graceMs: ownGraceMs = defaultGraceMs } = spec;
  const timers = new DisposableStack();
  let cause: KillCause | undefined;
  let usage = noUsage;

  const measure = (): Measurement => {
    const measured = measureTree(tree);
    usage = laterUsage(usage, measured);
    return measured;
  };
  const kill = (wanted: KillCause, graceMs = ownGraceMs) => {
    if (timers.disposed) return;
    cause ??= wanted;
    const isAsked = graceMs > 0 && askToLeave(started);
    timers.use(clock.startTimer(isAsked ? graceMs : 0, () => void endTree(tree, clock)));
  };
  const watch = watchLimits({
    limits,
    enforced,
    clock,
    measure,
    onExceeded: (limit) => kill({ kind: "limit", limit }, limit === "wallTime" ? undefined : 0),
  });
  timers.use(watch);

  const clean = async (raw: RawExit): Promise<ExitStatus> => {
    timers.dispose();
    measure();
    await endTree(tree, clock);
    const how = cause ?? toExitCause(raw, describeExit(started, spec));
    tree.cgroup?.remove();
    return { ...how, usage };
  };
  return {
    ended: started.exited.then(clean),
    kill,
    signal: (signal) => {
      for (const pid of findTargets(started)) sendSignal(pid, signal);
    },
    measure: () => {
      measure();
      return usage;
    },
  };
}

/** Says SIGTERM to a child, and whether there was anybody to say it to. */
function askToLeave(started: StartedChild): boolean {
  const targets = findTargets(started);
  for (const pid of targets) sendSignal(pid, "SIGTERM");
  // A stopped process takes SIGTERM only when it goes on.
  for (const pid of targets) sendSignal(pid, "SIGCONT");
  return targets.length > 0;
}

function describeExit({ level, tree }: StartedChild, { limits = {} }: SpawnSpec) {
  return {
    limits,
    hasRunOutOfMemory: tree.cgroup?.hasRunOutOfMemory() ?? false,
    isPassedOn: isAtLeast(level, "namespaces"),
  };
}
