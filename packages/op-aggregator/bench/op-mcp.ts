import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Program } from "./caller.ts";

/** Above what a benchmark sends; that the limits are on costs what it costs. */
const manyCalls = 100_000_000;
const limits = {
  callsPerMinute: manyCalls,
  toolCallsPerMinute: manyCalls,
  readCallsPerMinute: manyCalls,
  sessionCalls: manyCalls,
};

/** Over HTTP nobody proves to the peers who they are; nor, then, to us. */
const guest = { principals: ["anonymous"], permissions: { read: "allow" } };

/** op-mcp as users have it, the built program with all that is on by default, in directories of its own. */
export class OpMcp implements Disposable {
  readonly argv: Program = [
    process.execPath,
    fileURLToPath(new URL("../../../apps/op-mcp/bin/op-mcp.cjs", import.meta.url)),
  ];
  readonly env: Readonly<Record<string, string>>;
  readonly #home = mkdtempSync(join(tmpdir(), "op-mcp-bench-"));

  constructor() {
    this.env = {
      PATH: process.env["PATH"] ?? "",
      HOME: this.#home,
      XDG_CACHE_HOME: join(this.#home, "cache"),
      XDG_CONFIG_HOME: join(this.#home, "config"),
      XDG_STATE_HOME: join(this.#home, "state"),
      OP_MCP_LOG__LEVEL: "error",
    };
    mkdirSync(join(this.#home, "config/op-mcp"), { recursive: true });
  }

  /** Writes which servers are behind it, which may be while it runs, and what else is not as by default. */
  configure(servers: object, more: object = {}): void {
    const config = {
      auth: { isAnonymousAllowed: true },
      upstreams: { servers },
      disclosure: { mode: "direct" },
      policy: { limits, roles: { guest } },
      ...more,
    };
    const path = join(this.#home, "config/op-mcp/config.json");
    writeFileSync(path, JSON.stringify(config), { mode: 0o600 });
  }

  [Symbol.dispose](): void {
    rmSync(this.#home, { recursive: true, force: true });
  }
}
