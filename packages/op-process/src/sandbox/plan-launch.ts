import type { Limits } from "../spec/limits.ts";
import type { LaunchPipe } from "./launch-pipes.ts";
import { planBubblewrap } from "./plan-bubblewrap.ts";
import { isAtLeast, type SandboxLevel } from "./sandbox-level.ts";
import type { SandboxProfile, UserIds } from "./sandbox-profile.ts";
import type { SandboxTools } from "./sandbox-tools.ts";

/** A child whose program was found and whose level is decided. */
export interface LaunchRequest {
  /** The program by absolute path, and its arguments. */
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly level: SandboxLevel;
  readonly profile: SandboxProfile;
  readonly limits: Limits;
  readonly tools: SandboxTools;
  /** Whom to become, under root. */
  readonly user?: UserIds | undefined;
  /** Whether it stays root. */
  readonly staysRoot?: boolean;
  /** The cgroup to join. */
  readonly cgroup?: string | undefined;
  /** Whether an own user or user namespace makes the kernel count this child's processes alone. */
  readonly countsOwnProcesses: boolean;
}

/** What to execute, as whom, and in which environment. */
export interface LaunchPlan {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Whom to execute it as, where no program in it becomes the user. */
  readonly user?: UserIds | undefined;
  /** The pipes that it has behind its standard streams. With a gate it waits there until it was put into its cgroup. */
  readonly pipes: readonly LaunchPipe[];
}

/**
 * Puts the programs that isolate a child before its own, each of which becomes the next: join the cgroup, become the
 * user, make the namespaces, lower the limits. They are given arguments only; the shell's script is constant.
 *
 * Bubblewrap itself sees to it that the child dies with its spawner and gains nothing. It also waits when all is made, and so
 * the kernel may take its time to move it into the cgroup meanwhile.
 */
export function planLaunch(request: LaunchRequest): LaunchPlan {
  const { plain, steering } = splitEnvironment(request.env);
  const hasNamespaces = isAtLeast(request.level, "namespaces");
  const pipes = hasNamespaces ? choosePipes(request) : [];
  const isolation = hasNamespaces
    ? planBubblewrap(request, pipes)
    : [...joinCgroup(request), ...dropPrivileges(request)];
  return {
    argv: [
      ...isolation,
      ...lowerLimits(request),
      ...restoreEnvironment(request, steering),
      ...request.argv,
    ],
    env: plain,
    pipes,
    ...(hasNamespaces ? { user: request.user } : {}),
  };
}

function choosePipes({ level, cgroup }: LaunchRequest): LaunchPipe[] {
  return [
    ...(level === "full" ? (["filter"] as const) : []),
    ...(cgroup === undefined ? [] : (["init", "gate"] as const)),
  ];
}

/** Joining from inside leaves no moment in which a process could be started outside. */
function joinCgroup({ cgroup, tools: { sh } }: LaunchRequest): string[] {
  if (cgroup === undefined) return [];
  return [sh, "-c", 'echo 0 >"$0/cgroup.procs" && exec "$@"', cgroup];
}

function dropPrivileges(request: LaunchRequest): string[] {
  const { level, tools, user, staysRoot = false } = request;
  const { setpriv } = tools;
  if (setpriv === undefined) return [];
  const dies = [setpriv, "--pdeathsig=KILL"];
  if (!isAtLeast(level, "user")) return [...dies, "--"];
  if (user !== undefined) {
    const { uid, gid } = user;
    const identity = [`--reuid=${uid}`, `--regid=${gid}`, "--clear-groups"];
    return [...dies, ...identity, ...noCapabilities, "--no-new-privs", "--"];
  }
  return [...dies, ...(staysRoot ? noCapabilities : []), "--no-new-privs", "--"];
}

const noCapabilities = ["--inh-caps=-all", "--bounding-set=-all"];

function lowerLimits({ level, limits, countsOwnProcesses, tools }: LaunchRequest): string[] {
  const { cpuTimeMs, openFiles, fileBytes, addressSpaceBytes, processes } = limits;
  const cpuSeconds = cpuTimeMs === undefined ? undefined : Math.ceil(cpuTimeMs / 1_000);
  // The soft limit says SIGXCPU, by which the limit is known; the hard one kills who ignores that.
  const cpu = cpuSeconds === undefined ? undefined : `${cpuSeconds}:${cpuSeconds + 1}`;
  // The namespace's first process counts too.
  const own = isAtLeast(level, "namespaces") ? 1 : 0;
  const nproc = processes === undefined || !countsOwnProcesses ? undefined : processes + own;
  const values = { cpu, nofile: openFiles, fsize: fileBytes, as: addressSpaceBytes, nproc };
  const options = Object.entries(values).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name}=${value}`],
  );
  if (isAtLeast(level, "limits")) options.push("--core=0");
  if (options.length === 0 || tools.prlimit === undefined) return [];
  return [tools.prlimit, ...options, "--"];
}

/** Variables by which the loader, the C library and shells run or read what they name. */
const steeringNames =
  /^(?:LD_.*|GLIBC_TUNABLES|MALLOC_.*|GCONV_PATH|GETCONF_DIR|HOSTALIASES|LOCALDOMAIN|LOCPATH|NIS_PATH|NLSPATH|RES.*|TMPDIR|TZDIR|ENV|IFS|PS4|SHELLOPTS|BASH.*)$/u;

/** Parts the environment: what steers programs must not reach those that run before the child, as a mightier user. */
function splitEnvironment(env: Readonly<Record<string, string>>): {
  readonly plain: Readonly<Record<string, string>>;
  readonly steering: readonly string[];
} {
  const entries = Object.entries(env);
  return {
    plain: Object.fromEntries(entries.filter(([name]) => !steeringNames.test(name))),
    steering: entries
      .filter(([name]) => steeringNames.test(name))
      .map(([name, value]) => `${name}=${value}`),
  };
}

function restoreEnvironment({ tools }: LaunchRequest, steering: readonly string[]): string[] {
  return steering.length === 0 ? [] : [tools.env, ...steering];
}
