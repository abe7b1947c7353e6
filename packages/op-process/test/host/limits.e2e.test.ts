import { mkdtempSync, rmSync, chmodSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isAtLeast, type ProcessHost } from "../../src/index.ts";
import { openRig, rigs } from "../fixtures/rigs.ts";
import { runChild, runScript } from "../fixtures/run-child.ts";

const node = process.execPath;
const hog = "const all = []; for (;;) all.push(Buffer.alloc(1e6, 1));";

describe.each(rigs.filter(({ level }) => level !== "none"))("limits at level $name", (rig) => {
  const sandbox = { level: rig.level };
  // The checkout may lie where the sandbox hides everything.
  const isHiding = isAtLeast(rig.level, "namespaces");
  const withNode = isHiding ? { ...sandbox, readable: [dirname(node)] } : sandbox;
  let host: ProcessHost;
  beforeAll(async () => {
    host = await openRig(rig);
  });
  afterAll(async () => await host[Symbol.asyncDispose]());

  test("too much time", async () => {
    const limits = { wallTimeMs: 200 };
    const { status } = await runScript(host, "sleep 1000", { sandbox, limits, graceMs: 100 });
    expect(status).toMatchObject({ kind: "limit", limit: "wallTime" });
  });

  test("too much processor time, also by several processes", async () => {
    const limits = { cpuTimeMs: 400 };
    const spin = "while :; do :; done";
    for (const script of [spin, `(${spin}) & (${spin}) & wait`]) {
      const { status } = await runScript(host, script, { sandbox, limits });
      expect(status).toMatchObject({ kind: "limit", limit: "cpuTime" });
    }
  });

  test("too much memory", async () => {
    const limits = { memoryBytes: 150_000_000 };
    const spec = { argv: [node, "-e", hog], cwd: "/", sandbox: withNode, limits } as const;
    const { status } = await runChild(host, spec);
    expect(status).toMatchObject({ kind: "limit", limit: "memory" });
  });

  test("too much output is cut off where the limit is", async () => {
    const limits = { outputBytes: 100_000 };
    const script = "yes >&2 & yes";
    const { status, stdout, stderr } = await runScript(host, script, { sandbox, limits });
    expect(status).toMatchObject({ kind: "limit", limit: "outputBytes" });
    expect(stdout.length + stderr.length).toBe(100_000);
  });

  test("output within the limit is complete", async () => {
    const limits = { outputBytes: 6 };
    const { status, stdout } = await runScript(host, "echo hello", { sandbox, limits });
    expect([status.kind, stdout]).toEqual(["exited", "hello\n"]);
  });

  test("too many processes are refused or ended", async () => {
    const limits = { processes: 20, wallTimeMs: 60_000 };
    const script =
      "i=0; while [ $i -lt 60 ]; do sleep 1000 & i=$((i+1)); done; sleep 0.3; echo all";
    const { status, stdout } = await runScript(host, script, { sandbox, limits });
    expect(stdout).toBe("");
    expect(status).toMatchObject(
      status.kind === "limit" ? { limit: "processes" } : { kind: "exited", code: 2 },
    );
  });

  test("too many open files and too large ones", async () => {
    const folder = mkdtempSync(join(tmpdir(), "op-process-limits-"));
    chmodSync(folder, 0o777);
    try {
      const files = await runScript(host, "ulimit -n; ulimit -c", {
        sandbox,
        limits: { openFiles: 64 },
      });
      expect(files.stdout).toBe("64\n0\n");
      const { status } = await runScript(host, `exec head -c 5000 /dev/zero >${folder}/file`, {
        sandbox: { ...sandbox, writable: [folder] },
        limits: { fileBytes: 1_000 },
      });
      expect(status).toMatchObject({ kind: "limit", limit: "fileBytes" });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
