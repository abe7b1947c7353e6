import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isAtLeast, type ChildHandle, type ProcessHost } from "../../src/index.ts";
import { openDeathWatch, treeScript, type DeathWatch } from "../fixtures/death-watch.ts";
import { openRig, rigs, type Rig } from "../fixtures/rigs.ts";
import { never } from "../fixtures/run-child.ts";

async function startScript(host: ProcessHost, rig: Rig, script: string, watch: DeathWatch) {
  return await host.spawn(
    {
      argv: ["/bin/sh", "-c", script],
      cwd: "/",
      sandbox: { level: rig.level, writable: [watch.folder] },
      limits: { processes: 60 },
    },
    { signal: never },
  );
}

describe.each(rigs)("killing at level $name", (rig) => {
  let host: ProcessHost;
  beforeAll(async () => {
    host = await openRig(rig);
  });
  afterAll(async () => await host[Symbol.asyncDispose]());

  test("takes children, daemons in sessions of their own, and the stopped along", async () => {
    using watch = openDeathWatch();
    const child = await startScript(host, rig, treeScript(watch.path), watch);
    expect((await watch.lines(3)).toSorted()).toEqual(["child", "daemon", "stopped"]);
    expect(await child.kill({ graceMs: 100 })).toMatchObject({ kind: "killed", reason: "kill" });
    await watch.ended;
  });

  test("lets a child leave in order, and what it started goes with it", async () => {
    using watch = openDeathWatch();
    const script = `trap 'echo bye >&9; exit 0' TERM; ${treeScript(watch.path)} & wait`;
    const child = await startScript(host, rig, `exec 9>${watch.path}; ${script}`, watch);
    await watch.lines(3);
    expect(await child.kill({ graceMs: 60_000 })).toMatchObject({ kind: "killed" });
    expect(await watch.lines(4)).toContain("bye");
    await watch.ended;
  });

  test("ends a child that is stopped, and one that does not care for SIGTERM", async () => {
    using watch = openDeathWatch();
    const scripts = ["kill -STOP $$", "trap '' TERM; while :; do sleep 1000; done"];
    const children: ChildHandle[] = [];
    for (const script of scripts) {
      const opened = `exec 9>${watch.path}; echo >&9; ${script}`;
      children.push(await startScript(host, rig, opened, watch));
    }
    await watch.lines(2);
    for (const child of children) {
      expect(await child.kill({ graceMs: 50 })).toMatchObject({ kind: "killed" });
    }
    await watch.ended;
  });

  test("ends processes that run from one to the next", async () => {
    using watch = openDeathWatch();
    const runner = `exec 9>${watch.path}; r() { echo >&9; (r & ); }; r; sleep 1000`;
    const child = await startScript(host, rig, runner, watch);
    await watch.lines(50);
    expect(await child.kill({ graceMs: 0 })).toMatchObject({ kind: "killed" });
    await watch.ended;
  });

  test("a child that leaves takes its daemons along", async () => {
    using watch = openDeathWatch();
    const script = `exec 9>${watch.path}; (setsid sh -c 'echo >&9; exec sleep 1000' </dev/null >/dev/null 2>&1 &); read line; exit 5`;
    const child: ChildHandle = await startScript(host, rig, script, watch);
    await watch.lines(1);
    child.stdin.end("go\n");
    expect(await child.exited).toMatchObject({ kind: "exited", code: 5 });
    await watch.ended;
  });
});

// Where nobody refuses processes and nobody can kill them all at once, a bomb outruns whoever reads the list.
const bombproof = rigs.filter(({ useCgroups, level }) => useCgroups || isAtLeast(level, "user"));

test.each(bombproof)("killing a fork bomb at level $name", async (rig) => {
  using watch = openDeathWatch();
  await using host = await openRig(rig);
  const bomb = `exec 9>${watch.path}; b() { echo >&9; b | b & b | b; }; b`;
  const child = await startScript(host, rig, bomb, watch);
  await watch.lines(20);
  await child.kill({ graceMs: 0 });
  await watch.ended;
  expect(host.children).toEqual([]);
});
