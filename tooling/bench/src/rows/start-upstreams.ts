import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { BenchRow } from "../bench-row.ts";
import { opMcp } from "../programs.ts";
import { startOnce } from "./start.ts";
import { median } from "../statistics.ts";
import { StdioSession, type Program } from "../stdio-session.ts";

const rounds = 21;
const allowed = 1.2;
const patienceMs = 30_000;
const upstream = fileURLToPath(new URL("../fixtures/fifty-tools.mjs", import.meta.url));

/** op-mcp with this many upstreams of fifty tools each, in directories of its own that last as long as this. */
class Behind implements Disposable {
  readonly #home = mkdtempSync(join(tmpdir(), "op-mcp-bench-"));
  readonly #count: number;
  readonly program: Program;

  constructor(count: number) {
    this.#count = count;
    this.program = opMcp(this.#home);
    const names = Array.from({ length: count }, (_, index) => `u${index}`);
    const servers = Object.fromEntries(
      names.map((name) => [name, { command: process.execPath, args: [upstream, name] }]),
    );
    mkdirSync(join(this.#home, "config/op-mcp"), { recursive: true });
    writeFileSync(
      join(this.#home, "config/op-mcp/config.json"),
      JSON.stringify({ upstreams: { servers } }),
      { mode: 0o600 },
    );
  }

  /** Starts once and waits until the manifest will hold everything. */
  async warmUp(): Promise<void> {
    await using session = new StdioSession(this.program);
    await session.initialize();
    const deadline = performance.now() + patienceMs;
    while (!(await this.#knowsAll(session))) {
      if (performance.now() > deadline) throw new Error("the upstreams were not listed in 30 s");
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    await session.leave();
  }

  async #knowsAll(session: StdioSession): Promise<boolean> {
    const answer = await session.request("tools/call", { name: "server_status", arguments: {} });
    const ready = '"tools":50,"isStale":false,"state":{"kind":"ready"}';
    return answer.replaceAll("\\", "").split(ready).length > this.#count;
  }

  [Symbol.dispose](): void {
    rmSync(this.#home, { recursive: true, force: true });
  }
}

/** That other servers behind it cost op-mcp nothing at its start: what they have is known from the manifest. */
export const startUpstreamsRow: BenchRow = {
  id: "start-upstreams",
  what: "spawn → first tools/list over stdio, ten upstreams of 50 tools in the manifest",
  unit: "ms",
  promised: `≤ ${allowed} × without upstreams`,
  measure: async () => {
    using none = new Behind(0);
    using ten = new Behind(10);
    await none.warmUp();
    await ten.warmUp();
    const without: number[] = [];
    const behind: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      without.push(await startOnce(none.program));
      behind.push(await startOnce(ten.program));
    }
    const value = median(behind);
    const peer = median(without);
    const against = `without upstreams: ${peer.toFixed(1)} ms`;
    return { value, against, ratio: value / peer, ok: value / peer <= allowed };
  },
};
