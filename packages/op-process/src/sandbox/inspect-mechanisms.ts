import { readGone } from "../processes/process-table.ts";
import type { CgroupController, CgroupRefusal, CgroupTree } from "../cgroups/cgroup-tree.ts";
import { toSeccompArch } from "../seccomp/seccomp-filter.ts";
import { probeLaunch, runProbe, type Probe } from "./probe-launch.ts";
import type { MechanismReport, SandboxMechanism } from "./sandbox-report.ts";
import type { SandboxTools } from "./sandbox-tools.ts";

/** Tries every mechanism out and tells what works. */
export async function inspectMechanisms(
  tools: SandboxTools,
  cgroups: CgroupTree | CgroupRefusal,
): Promise<MechanismReport[]> {
  const [limits, user, namespaces, full, landlock] = await Promise.all([
    probeLaunch("limits", tools),
    probeLaunch("user", tools),
    probeLaunch("namespaces", tools),
    probeLaunch("full", tools),
    describeLandlock(tools),
  ]);
  return [
    describe("prlimit", tools.prlimit, limits, installUtilLinux),
    describe("setpriv", tools.setpriv, user, installUtilLinux),
    describeUserSwitch(user),
    describe("bubblewrap", tools.bwrap, namespaces, adviseBubblewrap(tools, namespaces)),
    describeSeccomp(tools, full),
    ...describeCgroups(cgroups),
    landlock,
    {
      mechanism: "node-permissions",
      isAvailable: true,
      detail: `Node ${process.versions.node}; a second layer for node children`,
    },
  ];
}

const installUtilLinux = "Install the package util-linux.";

function describe(
  mechanism: SandboxMechanism,
  path: string | undefined,
  { isWorking, complaint }: Probe,
  advice: string,
): MechanismReport {
  if (path === undefined) {
    return { mechanism, isAvailable: false, detail: "not installed", advice };
  }
  if (isWorking) return { mechanism, isAvailable: true, detail: path };
  return { mechanism, isAvailable: false, detail: `${path} failed: ${complaint}`, advice };
}

function adviseBubblewrap({ bwrap }: SandboxTools, { isWorking }: Probe): string {
  if (bwrap === undefined || isWorking) return "Install the package bubblewrap.";
  return "Allow user namespaces: sysctl kernel.unprivileged_userns_clone=1, user.max_user_namespaces above 0, and on Ubuntu kernel.apparmor_restrict_unprivileged_userns=0 or an AppArmor profile for bwrap; in a container also allow mounting /proc.";
}

function describeUserSwitch({ isWorking, complaint }: Probe): MechanismReport {
  const mechanism = "user-switch";
  if (process.getuid?.() !== 0) {
    return { mechanism, isAvailable: true, detail: "not needed: this process is not root" };
  }
  if (isWorking) return { mechanism, isAvailable: true, detail: "each child has its own user" };
  return {
    mechanism,
    isAvailable: false,
    detail: complaint || "setpriv is not installed",
    advice: `${installUtilLinux} Leave CAP_SETUID, CAP_SETGID and CAP_SETPCAP to this process.`,
  };
}

function describeSeccomp(tools: SandboxTools, probe: Probe): MechanismReport {
  if (toSeccompArch(process.arch) === undefined) {
    const detail = `no filter is known for ${process.arch}`;
    const advice = "Use x86_64 or aarch64.";
    return { mechanism: "seccomp", isAvailable: false, detail, advice };
  }
  return describe("seccomp", tools.bwrap, probe, "Install bubblewrap, on a kernel with seccomp.");
}

function describeCgroups(cgroups: CgroupTree | CgroupRefusal): MechanismReport[] {
  if ("refused" in cgroups) {
    const { refused: detail, advice } = cgroups;
    return (["cgroup", "cgroup-memory", "cgroup-pids", "cgroup-cpu"] as const).map((mechanism) => ({
      mechanism,
      isAvailable: false,
      detail,
      advice,
    }));
  }
  const controller = (name: CgroupController, otherwise: string): MechanismReport => {
    const mechanism = `cgroup-${name}` as const;
    if (cgroups.controllers.has(name)) return { mechanism, isAvailable: true, detail: "enforced" };
    return {
      mechanism,
      isAvailable: false,
      detail: `the controller is not delegated to ${cgroups.path}; ${otherwise}`,
      advice:
        "Boot with cgroup v2 alone (systemd.unified_cgroup_hierarchy=1) and run as a service with Delegate=yes and DelegateSubgroup=main.",
    };
  };
  return [
    { mechanism: "cgroup", isAvailable: true, detail: cgroups.path },
    controller("memory", "memory is measured ten times a second instead"),
    controller("pids", "processes are limited by user where a child has its own, else measured"),
    controller("cpu", "shares of processors can't be given"),
  ];
}

/** Landlock is reported, not used: no program of a stable distribution applies it, and Node can't. */
async function describeLandlock({ setpriv }: SandboxTools): Promise<MechanismReport> {
  const isInKernel = readGone("/sys/kernel/security/lsm")?.includes("landlock");
  const help = setpriv === undefined ? undefined : await runProbe({ argv: [setpriv, "--help"] });
  const isInSetpriv = help?.stdout.includes("--landlock-access") ?? false;
  const kernel = { true: "the kernel has it", false: "the kernel has it not" };
  return {
    mechanism: "landlock",
    isAvailable: false,
    detail: `not used; ${isInKernel === undefined ? "whether the kernel has it is unknown" : kernel[`${isInKernel}`]}; setpriv ${isInSetpriv ? "can" : "can't"} apply it`,
    advice: "The namespaces do what it would do.",
  };
}
