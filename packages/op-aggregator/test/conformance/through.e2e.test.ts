import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import type { UpstreamConfig } from "../../src/index.ts";
import { openHttpGateway } from "../fixtures/http-gateway.ts";

const pathOf = (name: string): string =>
  fileURLToPath(new URL(`../../../op-protocol/conformance/${name}`, import.meta.url));
const program = [process.execPath, "--conditions=@op-mcp/source", pathOf("serve.ts")] as const;

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

/**
 * Scenarios that look for the keys under which their server asks. A server of the handshake era asks by requests that have
 * no keys, so that nobody can say them; nor can it be told with each request what a client is able to do.
 */
const keyed = [
  "input-required-result-basic-elicitation",
  "input-required-result-multiple-input-requests",
  "input-required-result-non-tool-request",
  "input-required-result-capability-check",
];

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
  });
  const said = await runSuites(gateway.url);
  expect(said).toContain("ok  requirements of 2025-11-25: 30/30 required scenarios");
  expect(said).toContain("ok  released suite: 32/32 required scenarios");
  const failed = [...said.matchAll(/^ {4}(?<name>[\w-]+) (?:failed|did|checked)/gmu)];
  expect(
    failed.map(({ groups }) => groups?.["name"]),
    said,
  ).toEqual(era === "modern" ? [] : keyed);
  expect(said).toContain(`requirements of 2026-07-28: ${era === "modern" ? 37 : 33}/37 required`);
}

// Each suite is of one era, so that every upstream is met by clients of its own era and of the other.
describe("the official conformance suites, through the aggregator", { timeout: 300_000 }, () => {
  it.each(["legacy", "modern"] as const)("pass with an upstream over stdio (%s)", async (era) => {
    await expectPassed({ kind: "stdio", argv: program }, era);
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
