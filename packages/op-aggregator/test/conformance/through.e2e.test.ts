import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import type { UpstreamConfig } from "../../src/index.ts";
import { openHttpGateway } from "../fixtures/http-gateway.ts";

const pathOf = (name: string): string =>
  fileURLToPath(new URL(`../../../op-protocol/conformance/${name}`, import.meta.url));
const program = [process.execPath, "--conditions=@op-mcp/source", pathOf("serve.ts")] as const;
/** Each session has a process of its own, which need not compile what others did. */
const env = { NODE_COMPILE_CACHE: join(tmpdir(), "op-conformance-cache") };

/** What the official suites say of a server. */
async function runSuites(url: string): Promise<string> {
  const args = ["--conditions=@op-mcp/source", pathOf("main.ts"), url];
  const run = promisify(execFile)(process.execPath, args);
  return await run.then(
    ({ stdout }) => stdout,
    (error: unknown) =>
      error instanceof Error && "stdout" in error ? String(error.stdout) : String(error),
  );
}

async function expectPassed(
  transport: UpstreamConfig["transport"],
  era: "legacy" | "modern",
): Promise<void> {
  await using gateway = await openHttpGateway({
    name: "fixtures",
    transport,
    era,
    keepUris: true,
    connections: "per-session",
    // Dozens of sessions come and go: what served one of them need not stay.
    idleMs: 3000,
  });
  const said = await runSuites(gateway.url);
  for (const line of [
    "ok  requirements of 2025-11-25: 30/30 required scenarios, 84 checks",
    "ok  requirements of 2026-07-28: 37/37 required scenarios",
    "ok  released suite: 32/32 required scenarios, 47 checks",
  ])
    expect(said).toContain(line);
}

// Each suite is of one era, so that every upstream is met by clients of its own era and of the other.
describe("the official conformance suites, through the aggregator", { timeout: 300_000 }, () => {
  it.each(["legacy", "modern"] as const)("pass with an upstream over stdio (%s)", async (era) => {
    await expectPassed({ kind: "stdio", argv: program, env }, era);
  });

  it.each(["legacy", "modern"] as const)("pass with an upstream over HTTP (%s)", async (era) => {
    const [command, ...args] = program;
    const child = spawn(command, [...args, "http"], { stdio: ["pipe", "pipe", "inherit"] });
    try {
      const [printed]: Buffer[] = await once(child.stdout, "data");
      await expectPassed({ kind: "http", url: String(printed).trim() }, era);
    } finally {
      child.stdin.end();
      await once(child, "exit");
    }
  });
});
