import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  openProcessHost,
  SandboxUnavailableError,
  SpawnError,
  type ProcessHost,
  type SpawnSpec,
} from "../../src/index.ts";
import { whyNot } from "../fixtures/rigs.ts";
import { never, runScript } from "../fixtures/run-child.ts";

const folder = mkdtempSync(join(tmpdir(), "op-process-refusals-"));
chmodSync(folder, 0o755);
writeFileSync(join(folder, "text"), "no program", { mode: 0o644 });
mkdirSync(join(folder, "private"), { mode: 0o700 });
writeFileSync(join(folder, "private/run"), "#!/bin/sh\n", { mode: 0o755 });

let host: ProcessHost;
beforeAll(async () => {
  host = await openProcessHost();
});
afterAll(async () => {
  await host[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

async function refuse(spec: Partial<SpawnSpec>): Promise<unknown> {
  const complete = { argv: ["/bin/true"], cwd: "/", sandbox: { level: "none" }, ...spec } as const;
  return await host.spawn(complete, { signal: never }).catch((error: unknown) => error);
}

describe("a child that can't be started", () => {
  test.each<[string, string, Partial<SpawnSpec>]>([
    ["a program that is missing", "program-missing", { argv: ["no-such-program"] }],
    ["a path that is missing", "program-missing", { argv: ["/no/such/program"] }],
    ["a program outside PATH", "program-missing", { argv: ["ls"], env: { PATH: folder } }],
    ["a file that is not executable", "program-not-executable", { argv: [join(folder, "text")] }],
    ["a folder", "program-not-executable", { argv: [folder] }],
    ["a folder to work in that is gone", "path-missing", { cwd: join(folder, "gone") }],
    [
      "a path to show that is gone",
      "path-missing",
      { sandbox: { level: "none", readable: ["/gone"] } },
    ],
    ["a huge argument", "arguments-too-long", { argv: ["/bin/true", "x".repeat(200_000)] }],
    ["a huge environment", "arguments-too-long", { env: { X: "x".repeat(200_000) } }],
    ["a NUL in an argument", "arguments-invalid", { argv: ["/bin/true", "\0"] }],
  ])("%s", async (_, reason, spec) => {
    const error = await refuse(spec);
    expect(error).toBeInstanceOf(SpawnError);
    expect(error).toMatchObject({
      code: "ERR_SPAWN",
      data: { reason },
      advice: expect.any(String),
    });
    expect(host.children).toEqual([]);
  });

  const rootOnly = process.getuid?.() === 0 ? whyNot("user") : " (only root can become another)";

  test.skipIf(rootOnly !== "")(`a program its user may not reach${rootOnly}`, async () => {
    const argv = [join(folder, "private/run")] as const;
    const error = await refuse({ argv, sandbox: { level: "user" } });
    expect(error).toMatchObject({ data: { reason: "program-not-executable" } });
    expect(String(error)).toContain(join(folder, "private"));
  });

  test.skipIf(whyNot("namespaces") !== "")(
    `a program or folder that the sandbox hides${whyNot("namespaces")}`,
    async () => {
      const hidden = await refuse({ cwd: folder, sandbox: { level: "namespaces" } });
      expect(hidden).toMatchObject({ data: { reason: "path-hidden" } });
      const shown = await runScript(host, "pwd", {
        cwd: folder,
        sandbox: { level: "namespaces", readable: [folder] },
      });
      expect(shown.stdout).toBe(`${folder}\n`);
    },
  );

  test("the next one starts as if nothing had been", async () => {
    expect((await runScript(host, "echo fine")).stdout).toBe("fine\n");
  });
});

test("a limit that nothing here can enforce is refused, with what would help", async () => {
  await using bare = await openProcessHost({ useCgroups: false });
  const spec = { argv: ["true"], cwd: "/", limits: { cpus: 0.5 } } as const;
  const error = await bare.spawn(spec, { signal: never }).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(SandboxUnavailableError);
  expect(error).toMatchObject({
    code: "ERR_SANDBOX_UNAVAILABLE",
    data: { missing: ["cgroup-cpu"] },
    advice: expect.stringContaining("cgroups"),
  });
});
