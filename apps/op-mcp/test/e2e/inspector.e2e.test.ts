import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect } from "vitest";
import { binary, Installation } from "./installation.ts";
import { tenThousandTools } from "./plugin-path.ts";
import { verifies } from "./verifies.ts";

const inspector = fileURLToPath(
  import.meta.resolve("@modelcontextprotocol/inspector/clients/launcher/build/index.js"),
);

/** Runs the inspector's command line on op-mcp; a code other than 0 rejects. */
async function inspect(
  installation: Installation,
  ...request: readonly string[]
): Promise<{ stdout: string; stderr: string }> {
  // The inspector passes its own environment on to no server.
  const env = Object.entries(installation.env).flatMap(([name, value]) => [
    "-e",
    `${name}=${value}`,
  ]);
  const common = [inspector, "--cli", "--format", "json", "-q", ...env];
  const server = ["--", process.execPath, binary];
  return await promisify(execFile)(process.execPath, [...common, ...request, ...server], {
    env: installation.env,
    cwd: installation.home,
    maxBuffer: 64 * 1024 * 1024,
  });
}

describe("the official inspector", () => {
  for (const era of ["legacy", "modern", "auto"]) {
    verifies("stdio.inspector", `lists strictly and calls, era ${era}`, async () => {
      await using installation = await Installation.create({
        OP_MCP_DISCLOSURE__MODE: "direct",
        MCP_AGENT_DISCOVERY: "true",
      });
      expect((await installation.run(["tools"])).code).toBe(0);
      const method = ["--protocol-era", era, "--method"];
      const listed = await inspect(installation, ...method, "tools/list", "--strict");
      // What the strict check has to say, it says on stderr.
      expect(listed.stderr).toBe("");
      expect(JSON.parse(listed.stdout)).toMatchObject({
        result: { tools: expect.arrayContaining([expect.objectContaining({ name: "call_tool" })]) },
      });
      const call = ["--tool-name", "check_command_exists", "--tool-args-json", '{"command":"sh"}'];
      const called = await inspect(installation, ...method, "tools/call", ...call);
      expect(JSON.parse(called.stdout)).toMatchObject({
        result: { structuredContent: { command: "sh", exists: true } },
      });
    });
  }

  verifies("stdio.inspector", "finds nothing to object to in 10,000 tools", async () => {
    await using installation = await Installation.create({
      OP_MCP_PLUGINS__MODULES: tenThousandTools,
      OP_MCP_DISCLOSURE__MODE: "direct",
    });
    expect((await installation.run(["tools"])).code).toBe(0);
    const listed = await inspect(installation, "--method", "tools/list", "--strict");
    expect(listed.stderr).toBe("");
  });
});
