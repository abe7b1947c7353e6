import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { sandboxLevels, type SandboxLevel, type SpawnSpec } from "../../src/index.ts";

const driver = fileURLToPath(new URL("../fixtures/host-driver.ts", import.meta.url));
const nobody = ["--reuid=65534", "--regid=65534", "--clear-groups", "--"];

/** Runs a child under a host that is not root. */
function runUnprivileged(spec: SpawnSpec) {
  const order = JSON.stringify({ spec, useCgroups: true, waits: false });
  const node = [process.execPath, "--conditions=@op-mcp/source", driver, order];
  const isRoot = process.getuid?.() === 0;
  const argv = isRoot ? ["setpriv", ...nobody, ...node] : node;
  const { stdout, stderr } = spawnSync(argv[0]!, argv.slice(1), { encoding: "utf8", cwd: "/" });
  if (stdout === "") return { error: stderr };
  return JSON.parse(stdout) as {
    readonly error?: string;
    readonly level?: SandboxLevel;
    readonly stdout?: string;
    readonly status?: { readonly kind: string };
  };
}

const script =
  "id -u; grep -E '^(NoNewPrivs|CapEff)' /proc/self/status; unshare -Ur true && echo escaped";
const argv = ["/bin/sh", "-c", script] as const;
const first = runUnprivileged({ argv, cwd: "/", sandbox: { level: "full" } });
const reason = first.error === undefined ? "" : ` (${first.error})`;

describe.skipIf(reason !== "")(`a host that is not root${reason}`, () => {
  test.each(sandboxLevels)("starts children at level %s", (level) => {
    const run = runUnprivileged({ argv, cwd: "/", sandbox: { level } });
    expect(run).toMatchObject({ level, status: { kind: "exited" } });
    expect(run.stdout).toContain("CapEff:\t0000000000000000");
    const isBound = level === "none" || level === "limits" ? "0" : "1";
    expect(run.stdout).toContain(`NoNewPrivs:\t${isBound}`);
    const isFree = level !== "full" && level !== "namespaces";
    expect(isFree || run.stdout?.includes("escaped") === false).toBe(true);
  });

  test("limits processes and memory of a child at level full", () => {
    const bomb = "b() { b | b & b | b; }; b";
    const limits = { processes: 30, memoryBytes: 200_000_000, wallTimeMs: 1_000 };
    const run = runUnprivileged({ argv: ["/bin/sh", "-c", bomb], cwd: "/", limits, graceMs: 0 });
    expect(run.error).toBeUndefined();
    expect(["limit", "exited"]).toContain(run.status?.kind);
  });
});
