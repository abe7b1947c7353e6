import type { ChildProcess } from "node:child_process";
import type { Clock } from "op-core";
import type { CgroupTree } from "../cgroups/cgroup-tree.ts";
import { endTree, type ProcessTree } from "../processes/end-tree.ts";
import { markerVariable } from "../processes/process-traces.ts";
import type { SandboxInventory } from "../sandbox/inspect-sandbox.ts";
import { planLaunch, type LaunchPlan } from "../sandbox/plan-launch.ts";
import { isAtLeast, type SandboxLevel } from "../sandbox/sandbox-level.ts";
import type { UserIds } from "../sandbox/sandbox-profile.ts";
import { createUser } from "../sandbox/user-ids.ts";
import type { LimitName } from "../spec/limits.ts";
import { chooseLevel } from "./choose-level.ts";
import { enterCgroup } from "./enter-cgroup.ts";
import { execute } from "./execute.ts";
import type { RawExit } from "./exit-cause.ts";
import type { StreamServer } from "./open-stream-server.ts";
import { resolveProgram } from "./resolve-program.ts";
import type { StartOrder } from "./spawner-message.ts";
import { takeStreams } from "./take-streams.ts";

/** What starting a child takes. */
export interface StartContext {
  readonly clock: Clock;
  readonly streams: StreamServer;
  readonly cgroups: CgroupTree | undefined;
  readonly inventory: SandboxInventory;
  /** Ends the waiting for its streams. */
  readonly signal: AbortSignal;
}

/** A child that was started. */
export interface StartedChild {
  readonly process: ChildProcess;
  readonly exited: Promise<RawExit>;
  readonly level: SandboxLevel;
  readonly tree: ProcessTree;
  /** The limits that the kernel enforces for it. */
  readonly enforced: ReadonlySet<LimitName>;
}

/** What was decided about a child before it starts. */
interface Decision {
  readonly level: SandboxLevel;
  readonly program: string;
  readonly user: UserIds | undefined;
  readonly staysRoot: boolean;
  /** Whether nobody else is this user. */
  readonly isOwnUser: boolean;
  /** Whether the kernel counts its processes apart from all others. */
  readonly countsOwnProcesses: boolean;
}

/** Starts a child, or throws and leaves nothing behind. */
export async function startChild(order: StartOrder, context: StartContext): Promise<StartedChild> {
  const decision = decide(order, context);
  using failed = new DisposableStack();
  using streams = await takeStreams(context.streams, order, context.signal);
  const cgroup = context.cgroups?.createChild(String(order.id), order.spec.limits ?? {});
  failed.defer(() => cgroup?.remove());
  const { level, user, isOwnUser } = decision;
  const plan = createPlan(order, context, { ...decision, cgroup: cgroup?.path });
  const executed = await execute(order.spec, plan, streams.stdio);
  const uid = isOwnUser && user !== undefined ? { uid: user.uid } : {};
  const traces = { leader: executed.leader, marker: order.marker, ...uid };
  try {
    await enterCgroup(executed, plan, cgroup);
  } catch (error) {
    await endTree({ cgroup, isSealed: false, traces }, context.clock);
    throw error;
  }
  failed.move();
  return {
    process: executed.child,
    exited: executed.exited,
    level,
    // Below this level a child of root may move itself into another cgroup.
    tree: { cgroup, isSealed: cgroup !== undefined && isAtLeast(level, "user"), traces },
    enforced: findEnforced(context.cgroups, decision),
  };
}

function decide({ spec }: StartOrder, { inventory }: StartContext): Decision {
  const level = chooseLevel(spec, inventory.report);
  const named = spec.sandbox?.user;
  const created = isAtLeast(level, "user") ? createUser() : undefined;
  const user = created === undefined || named === "same" ? undefined : (named ?? created);
  const isOwnUser = user !== undefined && named === undefined;
  const staysRoot = created !== undefined && named === "same";
  return {
    level,
    user,
    staysRoot,
    isOwnUser,
    program: resolveProgram({ spec, level, user }),
    // The kernel limits the processes of everybody but root.
    countsOwnProcesses: isOwnUser || (isAtLeast(level, "namespaces") && !staysRoot),
  };
}

function createPlan(
  { spec, marker }: StartOrder,
  { inventory }: StartContext,
  decision: Decision & { readonly cgroup: string | undefined },
): LaunchPlan {
  return planLaunch({
    ...decision,
    argv: [decision.program, ...spec.argv.slice(1)],
    cwd: spec.cwd,
    // The shell and bubblewrap set PWD; it is there without them too, so that nothing depends on the level.
    env: { PWD: spec.cwd, ...spec.env, [markerVariable]: marker },
    profile: spec.sandbox ?? {},
    limits: spec.limits ?? {},
    tools: inventory.tools,
  });
}

function findEnforced(
  cgroups: CgroupTree | undefined,
  { countsOwnProcesses }: Decision,
): ReadonlySet<LimitName> {
  const enforced = new Set<LimitName>();
  if (cgroups?.controllers.has("memory") === true) enforced.add("memory");
  if (cgroups?.controllers.has("pids") === true || countsOwnProcesses) enforced.add("processes");
  return enforced;
}
