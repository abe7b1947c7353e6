import { expect, test } from "vitest";
import { planLaunch, type LaunchRequest } from "../../src/sandbox/plan-launch.ts";

const request: LaunchRequest = {
  argv: ["/bin/cat", "--", "a b"],
  cwd: "/",
  env: {},
  level: "none",
  profile: {},
  limits: {},
  tools: {
    sh: "/bin/sh",
    env: "/bin/env",
    prlimit: "/bin/prlimit",
    setpriv: "/bin/setpriv",
    bwrap: "/bin/bwrap",
    features: new Set(["size", "disable-userns"]),
  },
  countsOwnProcesses: false,
};

function planWords(change: Partial<LaunchRequest>): string {
  return planLaunch({ ...request, ...change }).argv.join(" ");
}

test("level none only ties the child to its spawner", () => {
  expect(planWords({})).toBe("/bin/setpriv --pdeathsig=KILL -- /bin/cat -- a b");
});

test("level limits writes no core, and lowers what is limited", () => {
  const limits = {
    cpuTimeMs: 1_500,
    openFiles: 9,
    fileBytes: 8,
    addressSpaceBytes: 7,
    processes: 6,
  };
  expect(planWords({ level: "limits", limits })).toBe(
    "/bin/setpriv --pdeathsig=KILL -- /bin/prlimit --cpu=2:3 --nofile=9 --fsize=8 --as=7 --core=0 -- /bin/cat -- a b",
  );
});

test("level user gains nothing, and under root becomes another", () => {
  expect(planWords({ level: "user" })).toContain("--pdeathsig=KILL --no-new-privs --");
  const user = { uid: 5, gid: 6 };
  expect(
    planWords({ level: "user", user, countsOwnProcesses: true, limits: { processes: 4 } }),
  ).toBe(
    "/bin/setpriv --pdeathsig=KILL --reuid=5 --regid=6 --clear-groups --inh-caps=-all --bounding-set=-all --no-new-privs -- /bin/prlimit --nproc=4 --core=0 -- /bin/cat -- a b",
  );
});

test("root that stays root loses its capabilities, by bubblewrap where that needs them first", () => {
  expect(planWords({ level: "user", staysRoot: true })).toContain(
    "--pdeathsig=KILL --inh-caps=-all --bounding-set=-all --no-new-privs --",
  );
  expect(planWords({ level: "full", staysRoot: true })).toMatch(/^\/bin\/bwrap .*--cap-drop ALL/u);
});

test("below level namespaces the cgroup is joined first, by a shell that is told everything as arguments", () => {
  const { argv } = planLaunch({ ...request, cgroup: "/cg/$(reboot)" });
  expect(argv.slice(0, 5)).toEqual([
    "/bin/sh",
    "-c",
    'echo 0 >"$0/cgroup.procs" && exec "$@"',
    "/cg/$(reboot)",
    "/bin/setpriv",
  ]);
});

test("from level namespaces bubblewrap comes before the limits; full adds the filter", () => {
  const namespaces = planWords({ level: "namespaces" });
  expect(namespaces).toMatch(
    /^\/bin\/bwrap --die-with-parent .*-- \/bin\/prlimit .*-- \/bin\/cat/u,
  );
  expect(namespaces).toContain("--unshare-net");
  expect(namespaces).not.toContain("--seccomp");
  expect(planWords({ level: "full" })).toContain("--seccomp 3");
  expect(planWords({ level: "full", profile: { network: "host" } })).not.toContain("--unshare-net");
});

test("from level namespaces the spawner becomes the user and joins the cgroup, while bubblewrap waits", () => {
  const user = { uid: 5, gid: 6 };
  const place = { level: "full", user, cgroup: "/cg" } as const;
  expect(planLaunch({ ...request, ...place })).toMatchObject({
    user,
    pipes: ["filter", "init", "gate"],
  });
  expect(planWords(place)).toContain("--seccomp 3 --info-fd 4 --block-fd 5 --");
  expect(planWords({ ...place, level: "namespaces" })).toContain("--info-fd 3 --block-fd 4 --");
  const below = planLaunch({ ...request, ...place, level: "user" });
  expect(below).toMatchObject({ pipes: [] });
  expect(below).not.toHaveProperty("user");
});

test("variables that steer programs reach the child, and nobody before it", () => {
  const env = { HOME: "/h", LD_PRELOAD: "/x.so", BASH_ENV: "/y", TZDIR: "/z", SECRET: "s" };
  const plan = planLaunch({ ...request, env });
  expect(plan.env).toEqual({ HOME: "/h", SECRET: "s" });
  expect(plan.argv.slice(-7)).toEqual([
    "/bin/env",
    "LD_PRELOAD=/x.so",
    "BASH_ENV=/y",
    "TZDIR=/z",
    "/bin/cat",
    "--",
    "a b",
  ]);
});
