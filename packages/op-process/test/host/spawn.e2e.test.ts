import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { openProcessHost, ProcessHostClosedError } from "../../src/index.ts";
import { never, runChild, runScript } from "../fixtures/run-child.ts";

test("a child reads, writes and exits", async () => {
  await using host = await openProcessHost();
  const child = await host.spawn(
    { argv: ["cat"], cwd: "/", sandbox: { level: "none" } },
    { signal: never },
  );
  expect(host.children).toEqual([child]);
  child.stdin.end("there and back\n");
  expect(await text(child.stdout)).toBe("there and back\n");
  expect(await child.exited).toMatchObject({ kind: "exited", code: 0 });
  expect(host.children).toEqual([]);
});

test("output and errors are apart, and the exit code is the child's", async () => {
  await using host = await openProcessHost();
  const { status, stdout, stderr } = await runScript(host, "echo out; echo err >&2; exit 7");
  expect({ status, stdout, stderr }).toMatchObject({
    status: { kind: "exited", code: 7 },
    stdout: "out\n",
    stderr: "err\n",
  });
});

test("megabytes pass unchanged in both directions, as fast as they are read", async () => {
  await using host = await openProcessHost();
  const child = await host.spawn(
    { argv: ["cat"], cwd: "/", sandbox: { level: "none" } },
    { signal: never },
  );
  const line = `${"0123456789".repeat(100)}\n`;
  child.stdin.end(line.repeat(5_000));
  expect(await text(child.stdout)).toBe(line.repeat(5_000));
});

test("arguments reach the program as they are", async () => {
  await using host = await openProcessHost();
  const strange = ["$(id)", "`id`", "; id", "a b", "", "*", "--", "-c", "ü\n\t'\""];
  const { stdout } = await runChild(host, { argv: ["printf", "%s\\0", ...strange], cwd: "/" });
  expect(stdout.split("\0").slice(0, -1)).toEqual(strange);
});

test("nothing is inherited from the environment", async () => {
  await using host = await openProcessHost();
  const env = { ONE: "1", LD_LIBRARY_PATH: "/nowhere" };
  const { stdout } = await runChild(host, { argv: ["/usr/bin/env"], cwd: "/", env });
  const names = stdout.split("\n").map((line) => line.split("=")[0]);
  expect(new Set(names.filter((name) => name !== ""))).toEqual(
    new Set(["LD_LIBRARY_PATH", "ONE", "OP_PROCESS_ID", "PWD"]),
  );
});

test("ignored streams are empty and take everything", async () => {
  await using host = await openProcessHost();
  const stdio = { stdin: "ignore", stdout: "ignore", stderr: "ignore" } as const;
  const { child, status, stdout, stderr } = await runScript(host, "cat; echo x; echo y >&2", {
    stdio,
  });
  expect([stdout, stderr]).toEqual(["", ""]);
  expect(status).toMatchObject({ kind: "exited", code: 0 });
  expect(child.stdin.writableEnded).toBe(true);
});

test("writing to a child that is gone hurts nobody", async () => {
  await using host = await openProcessHost();
  const { child } = await runScript(host, "exit 0");
  const failure = await new Promise((resolve) => void child.stdin.write("late", resolve));
  expect(failure).toBeInstanceOf(Error);
});

test("a signal that a child dies of is its status", async () => {
  await using host = await openProcessHost();
  const { status } = await runScript(host, "kill -SEGV $$");
  expect(status).toMatchObject({ kind: "signalled", signal: "SIGSEGV" });
});

test("any signal can be sent to a child", async () => {
  await using host = await openProcessHost();
  const child = await host.spawn(
    {
      argv: ["sh", "-c", "trap 'echo got; exit 4' USR1; echo ready; while :; do sleep 0.05; done"],
      cwd: "/",
      sandbox: { level: "none" },
    },
    { signal: never },
  );
  child.stdout.once("data", () => child.signal("SIGUSR1"));
  expect(await text(child.stdout)).toContain("got");
  expect(await child.exited).toMatchObject({ kind: "exited", code: 4 });
});

test("what a child uses is measured", async () => {
  await using host = await openProcessHost();
  await using child = await host.spawn(
    {
      argv: [
        "sh",
        "-c",
        "i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done; echo; exec sleep 1000",
      ],
      cwd: "/",
      sandbox: { level: "none" },
    },
    { signal: never },
  );
  await new Promise((resolve) => void child.stdout.once("data", resolve));
  const usage = await child.usage();
  expect(usage.processes).toBe(1);
  expect(usage.cpuMs).toBeGreaterThan(10);
  expect(usage.memoryBytes).toBeGreaterThan(100_000);
  const { usage: last } = await child.kill();
  expect(last.cpuMs).toBeGreaterThanOrEqual(usage.cpuMs);
  expect(await child.usage()).toEqual(last);
});

test("many children at once do not mix up their streams", async () => {
  await using host = await openProcessHost();
  const numbers = Array.from({ length: 40 }, (_, index) => String(index));
  const runs = await Promise.all(
    numbers.map(async (number) => await runChild(host, { argv: ["echo", number], cwd: "/" })),
  );
  expect(runs.map(({ stdout }) => stdout.trim())).toEqual(numbers);
});

test("a host that was closed starts nothing and has no children", async () => {
  const host = await openProcessHost();
  const child = await host.spawn(
    { argv: ["sleep", "1000"], cwd: "/", sandbox: { level: "none" } },
    { signal: never },
  );
  await host[Symbol.asyncDispose]();
  expect(await child.exited).toMatchObject({ kind: "killed", reason: "host-closed" });
  await expect(host.spawn({ argv: ["true"], cwd: "/" }, { signal: never })).rejects.toBeInstanceOf(
    ProcessHostClosedError,
  );
  await host[Symbol.asyncDispose]();
});
