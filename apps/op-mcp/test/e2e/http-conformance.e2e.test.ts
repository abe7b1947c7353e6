import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import { freePort } from "./free-port.ts";
import { Installation } from "./installation.ts";
import { NetworkServer } from "./network-server.ts";
import { pluginPath } from "./plugin-path.ts";
import { verifies } from "./verifies.ts";

const runner = fileURLToPath(
  new URL("../../../../packages/op-protocol/conformance/main.ts", import.meta.url),
);

const nothingLeft = {
  "requirements of 2025-11-25": [],
  "requirements of 2026-07-28": [],
  "released suite": [],
};

/** The required scenarios that did not pass, or did not run, by the suite. */
function readProblems(report: string): Readonly<Record<string, readonly string[]>> {
  const suites = report.split(/^(?:ok|FAILED) {2}/mu).slice(1);
  const entries = suites.map((suite): readonly [string, readonly string[]] => {
    const [name = ""] = suite.split(":");
    const problems = suite.matchAll(
      /^ {4}(?<scenario>\S+) (?:failed|did not run|checked nothing)/gmu,
    );
    return [name, [...problems].map(({ groups }) => groups?.["scenario"] ?? "").toSorted()];
  });
  return Object.fromEntries(entries);
}

verifies("http.conformance", "in both eras and the released suite", async () => {
  const env = { OP_MCP_PLUGINS__MODULES: pluginPath("conformance") };
  await using installation = await Installation.create(env);
  const port = await freePort();
  const config = {
    // The suite brings no credential; it comes as a web page would, too.
    auth: { isAnonymousAllowed: true, origins: [`http://localhost:${port}`] },
    // It reads the first resource that is listed, which is the audit log.
    policy: { roles: { admin: { principals: ["anonymous"] } } },
    disclosure: { mode: "direct" },
  };
  await installation.write("config/op-mcp/config.json", JSON.stringify(config));
  await installation.run(["tools"]);
  const server = await NetworkServer.start(installation, "--listen", `http://127.0.0.1:${port}`);
  const args = ["--conditions=@op-mcp/source", runner, `http://localhost:${port}/mcp`];
  const suites = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const [report] = await Promise.all([text(suites.stdout), once(suites, "exit")]);
  expect(readProblems(report)).toEqual(nothingLeft);
  expect(await server.stop()).toBe(0);
});
