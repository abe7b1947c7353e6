import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";

const require = createRequire(import.meta.url);
const folder = dirname(require.resolve("@modelcontextprotocol/conformance/package.json"));
const client = fileURLToPath(new URL("../../conformance/client.ts", import.meta.url));
const command = `${process.execPath} --conditions=@op-mcp/source ${client}`;

/** What the suite says of our client in one scenario. */
async function runScenario(scenario: string, revision: string): Promise<string> {
  const options = ["--command", command, "--scenario", scenario, "--spec-version", revision];
  const args = [join(folder, "dist/index.js"), "client", ...options, "--timeout", "60000"];
  return await promisify(execFile)(process.execPath, args).then(
    ({ stdout, stderr }) => stdout + stderr,
    (error: unknown) =>
      error instanceof Error && "stdout" in error && "stderr" in error
        ? `${String(error.stdout)}${String(error.stderr)}`
        : String(error),
  );
}

/** Those that need no login; one that checked nothing has shown nothing. */
describe("the official client scenarios, with our client", { timeout: 120_000 }, () => {
  it.each([
    ["initialize", "2025-11-25"],
    ["tools_call", "2025-11-25"],
    ["elicitation-sep1034-client-defaults", "2025-11-25"],
    ["sse-retry", "2025-11-25"],
    ["tools_call", "2026-07-28"],
    ["http-standard-headers", "2026-07-28"],
    ["http-custom-headers", "2026-07-28"],
    ["sep-2322-client-request-state", "2026-07-28"],
    ["json-schema-ref-no-deref", "2026-07-28"],
  ])("%s of %s passes", async (scenario, revision) => {
    const said = await runScenario(scenario, revision);
    expect(said).toMatch(/Passed: (?<count>[1-9]\d*)\/\k<count>, 0 failed/u);
    expect(said).toContain("OVERALL: PASSED");
  });
});
