import type { BenchRow } from "../bench-row.ts";
import { bareSdkServer, OpMcpInstallation } from "../programs.ts";
import { median } from "../statistics.ts";
import { StdioSession, type Program } from "../stdio-session.ts";

const rounds = 21;
const allowed = 0.5;

/** Spawn → the answer to the first `tools/list`, in milliseconds. */
export async function startOnce(program: Program): Promise<number> {
  await using session = new StdioSession(program);
  const { spawnedAt } = session;
  const opened = session.initialize();
  const listed = session.request("tools/list");
  await Promise.all([opened, listed]);
  return performance.now() - spawnedAt;
}

/** How soon a client that spawns op-mcp can list its tools. */
export const startRow: BenchRow = {
  id: "start",
  what: "spawn → first tools/list over stdio, 10,000 tools in the manifest, default configuration",
  unit: "ms",
  promised: `≤ ${allowed} × a bare SDK v2 server`,
  measure: async () => {
    using installation = new OpMcpInstallation("auto");
    using direct = new OpMcpInstallation("direct");
    await installation.warmUp();
    await direct.warmUp();
    const ours: number[] = [];
    const theirs: number[] = [];
    const listing: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      theirs.push(await startOnce(bareSdkServer));
      ours.push(await startOnce(installation.program));
      listing.push(await startOnce(direct.program));
    }
    const value = median(ours);
    const peer = median(theirs);
    const against = `bare SDK v2: ${peer.toFixed(1)} ms; with the first 200 tools listed (mode direct): ${median(listing).toFixed(1)} ms`;
    return {
      value,
      against,
      ratio: value / peer,
      ok: value / peer <= allowed,
    };
  },
};
