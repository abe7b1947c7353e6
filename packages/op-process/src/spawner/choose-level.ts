import { SandboxUnavailableError } from "../process-error.ts";
import { isAtLeast, sandboxLevels, type SandboxLevel } from "../sandbox/sandbox-level.ts";
import type { SandboxMechanism, SandboxReport } from "../sandbox/sandbox-report.ts";
import type { Limits } from "../spec/limits.ts";
import type { SpawnSpec } from "../spec/spawn-spec.ts";

/**
 * The level to start a child at: the one it wants, or the strongest that is here and enough. Throws
 * {@link SandboxUnavailableError} when that is not to be had, or a limit can't be enforced.
 */
export function chooseLevel(spec: SpawnSpec, report: SandboxReport): SandboxLevel {
  const { level: wanted = "full", least = wanted } = spec.sandbox ?? {};
  const chosen = sandboxLevels.findLast(
    (level) => isAtLeast(wanted, level) && isAvailable(level, report),
  );
  const missing = new Set([
    ...(chosen !== undefined && isAtLeast(chosen, least) ? [] : missingFor(least, report)),
    ...neededBy(spec.limits ?? {}).filter((mechanism) => !works(mechanism, report)),
  ]);
  if (missing.size === 0 && chosen !== undefined) return chosen;
  throw new SandboxUnavailableError({
    program: spec.argv[0],
    least,
    strongest: report.strongest,
    missing: report.mechanisms.filter(({ mechanism }) => missing.has(mechanism)),
  });
}

/** What a limit needs that nothing else can stand in for. */
function neededBy(limits: Limits): SandboxMechanism[] {
  const { openFiles, fileBytes, addressSpaceBytes, cpus } = limits;
  const needsPrlimit = [openFiles, fileBytes, addressSpaceBytes].some(
    (limit) => limit !== undefined,
  );
  return [
    ...(needsPrlimit ? (["prlimit"] as const) : []),
    ...(cpus === undefined ? [] : (["cgroup-cpu"] as const)),
  ];
}

function missingFor(level: SandboxLevel, { levels }: SandboxReport): readonly SandboxMechanism[] {
  return levels.find((candidate) => candidate.level === level)?.missing ?? [];
}

function isAvailable(level: SandboxLevel, report: SandboxReport): boolean {
  return missingFor(level, report).length === 0;
}

function works(wanted: SandboxMechanism, { mechanisms }: SandboxReport): boolean {
  return mechanisms.some(({ mechanism, isAvailable: isHere }) => mechanism === wanted && isHere);
}
