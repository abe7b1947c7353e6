import { statSync, type Stats } from "node:fs";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { SpawnError, type SpawnFailureReason } from "../process-error.ts";
import { isVisible } from "../sandbox/plan-mounts.ts";
import { isAtLeast, type SandboxLevel } from "../sandbox/sandbox-level.ts";
import type { UserIds } from "../sandbox/sandbox-profile.ts";
import { isExecutable } from "../sandbox/sandbox-tools.ts";
import type { SpawnSpec } from "../spec/spawn-spec.ts";

/** Where programs are looked for when the child has no PATH. */
const defaultPath = "/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin";

/** A child that is checked before it is started. */
export interface ProgramRequest {
  readonly spec: SpawnSpec;
  readonly level: SandboxLevel;
  readonly user: UserIds | undefined;
}

/**
 * Finds the program of a child and answers its absolute path. Throws a {@link SpawnError} for what would fail only
 * later, inside the sandbox, where nobody could tell why.
 */
export function resolveProgram(request: ProgramRequest): string {
  const { argv, cwd, env = {}, sandbox: profile = {} } = request.spec;
  const [name] = argv;
  const fail = (reason: SpawnFailureReason, detail: string): never => {
    throw new SpawnError({ program: name, reason, detail });
  };
  if (statOrNothing(cwd)?.isDirectory() !== true) fail("path-missing", `there is no folder ${cwd}`);
  for (const path of [...(profile.readable ?? []), ...(profile.writable ?? [])]) {
    if (statOrNothing(path) === undefined) fail("path-missing", `there is no ${path} to show it`);
  }
  const program =
    findProgram(name, cwd, env["PATH"]) ?? fail("program-missing", "it was not found");
  // Such a path would be read as a variable where the environment is restored.
  if (program.includes("=")) fail("program-not-executable", "its path contains an equals sign");
  const obstacle = findObstacle(program, request.user);
  if (obstacle !== undefined) fail("program-not-executable", obstacle);
  if (isAtLeast(request.level, "namespaces")) {
    for (const path of [program, cwd]) {
      if (!isVisible(path, profile)) fail("path-hidden", `the sandbox hides ${path} from it`);
    }
  }
  return program;
}

function findProgram(name: string, cwd: string, path = defaultPath): string | undefined {
  if (name.includes("/")) {
    const program = resolve(cwd, name);
    return statOrNothing(program) === undefined ? undefined : program;
  }
  const candidates = path
    .split(":")
    .filter((folder) => isAbsolute(folder))
    .map((folder) => join(folder, name))
    .filter((candidate) => statOrNothing(candidate)?.isFile() === true);
  return candidates.find(isExecutable) ?? candidates[0];
}

/** Why this program can't be executed, if so. */
function findObstacle(program: string, user: UserIds | undefined): string | undefined {
  if (statOrNothing(program)?.isFile() !== true) return `${program} is no file`;
  if (!isExecutable(program)) return `${program} is not executable`;
  if (user === undefined) return undefined;
  for (let path = program; ; path = dirname(path)) {
    const stats = statOrNothing(path);
    if (stats !== undefined && !mayExecute(stats, user)) {
      return `its user ${user.uid} may not ${stats.isDirectory() ? "enter" : "execute"} ${path}`;
    }
    if (path === dirname(path)) return undefined;
  }
}

function mayExecute({ mode, uid, gid }: Stats, user: UserIds): boolean {
  if (user.uid === 0) return true;
  const shift = uid === user.uid ? 6 : gid === user.gid ? 3 : 0;
  return ((mode >> shift) & 1) === 1;
}

function statOrNothing(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}
