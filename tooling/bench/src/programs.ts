import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { StdioSession, type Program } from "./stdio-session.ts";

const pathOf = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

/** The peer: the least a server on the SDK can be. */
export const bareSdkServer: Program = {
  command: process.execPath,
  args: [pathOf("./peers/bare-sdk-server.mjs")],
};

/** op-mcp as users run it, with a home of its own. */
export function opMcp(home: string, env: Program["env"] = {}): Program {
  return {
    command: process.execPath,
    args: [pathOf("../../../apps/op-mcp/bin/op-mcp.cjs")],
    env: {
      HOME: home,
      XDG_CACHE_HOME: join(home, "cache"),
      XDG_CONFIG_HOME: join(home, "config"),
      XDG_STATE_HOME: join(home, "state"),
      OP_MCP_LOG__LEVEL: "error",
      ...env,
    },
  };
}

/** op-mcp with 10,000 tools known, in directories of its own that last as long as this. */
export class OpMcpInstallation implements Disposable {
  readonly #home = mkdtempSync(join(tmpdir(), "op-mcp-bench-"));
  readonly program: Program;

  constructor(mode: "direct" | "auto") {
    this.program = opMcp(this.#home, {
      OP_MCP_DISCLOSURE__MODE: mode,
      OP_MCP_PLUGINS__MODULES: pathOf("./fixtures/ten-thousand-tools.mjs"),
      // The limits are on, but above what a benchmark sends.
      OP_MCP_POLICY__LIMITS__CALLS_PER_MINUTE: "100000000",
      OP_MCP_POLICY__LIMITS__TOOL_CALLS_PER_MINUTE: "100000000",
      OP_MCP_POLICY__LIMITS__READ_CALLS_PER_MINUTE: "100000000",
      OP_MCP_POLICY__LIMITS__SESSION_CALLS: "100000000",
    });
  }

  /** Starts once and waits until the manifest holds everything, as after the first start on a real machine. */
  async warmUp(): Promise<void> {
    await using session = new StdioSession(this.program);
    await session.initialize();
    const deadline = performance.now() + 30_000;
    while (!(await this.#knowsAll(session))) {
      if (performance.now() > deadline) throw new Error("10,000 tools were not known within 30 s");
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    await session.leave();
  }

  async #knowsAll(session: StdioSession): Promise<boolean> {
    const answer = await session.request("tools/call", { name: "server_status", arguments: {} });
    return /"known":\s*1\d{4}/.test(answer.replaceAll("\\", ""));
  }

  [Symbol.dispose](): void {
    rmSync(this.#home, { recursive: true, force: true });
  }
}
