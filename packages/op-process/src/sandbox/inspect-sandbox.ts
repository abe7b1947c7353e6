import { abortable, systemClock } from "op-core";
import {
  endCgroupTree,
  openCgroupTree,
  type CgroupRefusal,
  type CgroupTree,
} from "../cgroups/cgroup-tree.ts";
import { inspectMechanisms } from "./inspect-mechanisms.ts";
import { runProbe } from "./probe-launch.ts";
import { sandboxLevels, type SandboxLevel } from "./sandbox-level.ts";
import type {
  LevelReport,
  MechanismReport,
  SandboxMechanism,
  SandboxReport,
} from "./sandbox-report.ts";
import { findSandboxTools, type BubblewrapFeature, type SandboxTools } from "./sandbox-tools.ts";

/** What isolation this machine offers to this process, tried out and not guessed. */
export async function inspectSandbox(options: {
  readonly signal: AbortSignal;
}): Promise<SandboxReport> {
  options.signal.throwIfAborted();
  const cgroups = openCgroupTree();
  try {
    const inspecting = probeSandbox(cgroups);
    return (await abortable(inspecting, options.signal)).report;
  } finally {
    if ("path" in cgroups) await endCgroupTree(cgroups.path, systemClock);
  }
}

/** What is there to isolate children with. */
export interface SandboxInventory {
  readonly tools: SandboxTools;
  readonly report: SandboxReport;
}

/** Finds the tools and tries them out. */
export async function probeSandbox(cgroups: CgroupTree | CgroupRefusal): Promise<SandboxInventory> {
  const found = findSandboxTools();
  const tools = { ...found, features: await readFeatures(found.bwrap) };
  const mechanisms = await inspectMechanisms(tools, cgroups);
  return { tools, report: createReport(mechanisms) };
}

/** What each level needs besides what the levels before it need. */
const needs: Readonly<Record<SandboxLevel, readonly SandboxMechanism[]>> = {
  none: [],
  limits: ["prlimit"],
  user: ["setpriv", "user-switch"],
  namespaces: ["bubblewrap"],
  full: ["seccomp"],
};

/** Tells from the mechanisms which levels can be had. */
export function createReport(mechanisms: readonly MechanismReport[]): SandboxReport {
  const works = (wanted: SandboxMechanism) =>
    mechanisms.some(({ mechanism, isAvailable }) => mechanism === wanted && isAvailable);
  const levels = sandboxLevels.map((level, index): LevelReport => {
    const needed = sandboxLevels.slice(0, index + 1).flatMap((below) => needs[below]);
    return { level, missing: needed.filter((mechanism) => !works(mechanism)) };
  });
  return {
    strongest: levels.findLast(({ missing }) => missing.length === 0)?.level ?? "none",
    containment: works("cgroup") ? "cgroup" : "traces",
    levels,
    mechanisms,
  };
}

async function readFeatures(bwrap: string | undefined): Promise<ReadonlySet<BubblewrapFeature>> {
  if (bwrap === undefined) return new Set();
  const { stdout } = await runProbe({ argv: [bwrap, "--help"] });
  const features: readonly BubblewrapFeature[] = ["size", "disable-userns"];
  return new Set(features.filter((feature) => stdout.includes(`--${feature} `)));
}
