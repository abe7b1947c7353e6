import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import type { SpawnSpec } from "../../src/index.ts";
import { openDeathWatch, treeScript, type DeathWatch } from "../fixtures/death-watch.ts";
import { openRig, rigs, type Rig } from "../fixtures/rigs.ts";
import { never, runScript } from "../fixtures/run-child.ts";

const driver = fileURLToPath(new URL("../fixtures/host-driver.ts", import.meta.url));

function createSpec(watch: DeathWatch, { level }: Rig): SpawnSpec {
  return {
    argv: ["/bin/sh", "-c", treeScript(watch.path)],
    cwd: "/",
    sandbox: { level, writable: [watch.folder] },
  };
}

/** Starts a process with a host and a tree of children, which all run when this resolves. */
async function startDriver(watch: DeathWatch, rig: Rig) {
  const order = JSON.stringify({
    spec: createSpec(watch, rig),
    useCgroups: rig.useCgroups,
    waits: true,
  });
  const process_ = spawn(process.execPath, ["--conditions=@op-mcp/source", driver, order], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = once(process_, "exit");
  const [line] = await once(createInterface(process_.stdout), "line");
  const { spawner } = JSON.parse(String(line)) as { readonly spawner: number };
  await watch.lines(3);
  return { spawner, host: process_.pid!, exited };
}

describe.each(rigs)("at level $name", (rig) => {
  test("kill -9 of the host leaves nothing", async () => {
    using watch = openDeathWatch();
    const { host, exited } = await startDriver(watch, rig);
    process.kill(host, "SIGKILL");
    await exited;
    await watch.ended;
    expect(() => process.kill(host, 0)).toThrow("ESRCH");
  });

  test("kill -9 of the spawner leaves nothing, and the next start works", async () => {
    using watch = openDeathWatch();
    await using host = await openRig(rig);
    const child = await host.spawn(createSpec(watch, rig), { signal: never });
    await watch.lines(3);
    const spawner = host.spawnerPid!;
    process.kill(spawner, "SIGKILL");
    expect(await child.exited).toMatchObject({ kind: "killed", reason: "spawner-lost" });
    await watch.ended;
    expect((await runScript(host, "echo again")).stdout).toBe("again\n");
    expect(host.spawnerPid).not.toBe(spawner);
  });
});

const together = rigs.filter(({ level, useCgroups }) => useCgroups || level === "full");

test.each(together)(
  "kill -9 of both leaves nothing to outlive the next host: $name",
  async (rig) => {
    using watch = openDeathWatch();
    const { host, spawner, exited } = await startDriver(watch, rig);
    process.kill(spawner, "SIGSTOP");
    process.kill(host, "SIGKILL");
    process.kill(spawner, "SIGKILL");
    await exited;
    await using next = await openRig(rig);
    expect(next.spawnerPid).toBeGreaterThan(0);
    await watch.ended;
    const left = readdirSync(tmpdir()).filter((name) => name.startsWith(`op-process-${host}-`));
    expect(left).toEqual([]);
  },
);

test("a start that the death of the spawner cuts off says so", async () => {
  await using host = await openRig({ name: "", level: "none", useCgroups: false });
  process.kill(host.spawnerPid!, "SIGSTOP");
  const starting = runScript(host, "echo never");
  process.kill(host.spawnerPid!, "SIGKILL");
  await expect(starting).rejects.toMatchObject({ code: "ERR_SPAWNER_LOST", retryable: true });
});

test("signals for the group of the host do not reach the spawner", async () => {
  await using host = await openRig({ name: "", level: "none", useCgroups: false });
  const before = host.spawnerPid!;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.kill(before, signal);
  expect((await runScript(host, "echo still")).stdout).toBe("still\n");
  expect(host.spawnerPid).toBe(before);
});
