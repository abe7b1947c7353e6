import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { BenchRow } from "../bench-row.ts";

const allowedMs = 5;
const allowedShare = 0.9;

/** The questions and the catalogue belong to op-tools, which measures with them. */
const script = fileURLToPath(
  new URL("../../../../packages/op-tools/bench/search.ts", import.meta.url),
);

interface Found {
  readonly p50Ms: number;
  readonly foundShare: number;
  readonly questions: number;
}

async function measureSearch(): Promise<Found> {
  const args = ["--conditions=@op-mcp/source", script];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  const found: Found = JSON.parse(stdout);
  return found;
}

/** How fast and how well plain language finds a tool. */
export const searchRow: BenchRow = {
  id: "search",
  what: "p50 of a search in plain language over 10,000 tools",
  unit: "ms",
  promised: `≤ ${allowedMs} ms, right tool in the first five ≥ 90 %`,
  measure: async () => {
    const { p50Ms: value, foundShare, questions } = await measureSearch();
    const share = `${(foundShare * 100).toFixed(1)} % of ${questions} held-out questions`;
    const against = `limit ${allowedMs} ms; right tool in the first five for ${share}`;
    return {
      value,
      against,
      ratio: value / allowedMs,
      ok: value <= allowedMs && foundShare >= allowedShare,
    };
  },
};
