import { spawn } from "node:child_process";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { freePort } from "../test/e2e/free-port.ts";
import { Installation } from "../test/e2e/installation.ts";
import { NetworkServer } from "../test/e2e/network-server.ts";
import { pluginPath } from "../test/e2e/plugin-path.ts";

const pathOf = (name: string): string =>
  fileURLToPath(new URL(`../../../packages/op-protocol/conformance/${name}`, import.meta.url));
const runner = pathOf("main.ts");

/** Where the fixtures come from: a plugin, or a server of the handshake era behind the binary. */
type Fixtures = "plugin" | "upstream";

/** The server is a program whose names and URIs stay, and whose tools need nobody's yes. */
const upstream = {
  command: process.execPath,
  args: ["--conditions=@op-mcp/source", pathOf("serve.ts")],
  env: { NODE_COMPILE_CACHE: join(tmpdir(), "op-conformance-cache") },
  era: "legacy",
  connections: "per-session",
  keepUris: true,
  idleMs: 3000,
  tools: [{ match: "*", risk: "read" }],
};

/** How the suites went. */
export interface ConformanceReport {
  /** A line for each suite, and below it what did not pass. */
  readonly text: string;
  /** Whether every required scenario ran, checked something and passed. */
  readonly isPassed: boolean;
}

/**
 * Runs the official suites against the binary as the build made it, which serves the fixtures over HTTP. Rejects where
 * the server does not start or does not leave as it should.
 */
export async function runConformance(fixtures: Fixtures = "plugin"): Promise<ConformanceReport> {
  const isPlugin = fixtures === "plugin";
  const env = isPlugin ? { OP_MCP_PLUGINS__MODULES: pluginPath("conformance") } : {};
  await using installation = await Installation.create(env);
  const port = await freePort();
  const config = {
    // The suite brings no credential; it comes as a web page would, too.
    auth: { isAnonymousAllowed: true, origins: [`http://localhost:${port}`] },
    // It reads the first resource that is listed, which is the audit log.
    policy: { roles: { admin: { principals: ["anonymous"] } } },
    disclosure: { mode: "direct" },
    ...(isPlugin ? {} : { upstreams: { servers: { fixtures: upstream } } }),
  };
  await installation.write("config/op-mcp/config.json", JSON.stringify(config));
  await installation.run(["tools"]);
  const server = await NetworkServer.start(installation, "--listen", `http://127.0.0.1:${port}`);
  const args = ["--conditions=@op-mcp/source", runner, `http://localhost:${port}/mcp`];
  const suites = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const [report, [code]] = await Promise.all([text(suites.stdout), once(suites, "exit")]);
  const left = await server.stop();
  if (left !== 0) throw new Error(`the server left with ${String(left)}: ${server.stderr}`);
  return { text: report, isPassed: code === 0 };
}
