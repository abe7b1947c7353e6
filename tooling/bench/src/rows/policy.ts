import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { BenchRow } from "../bench-row.ts";

const allowedUs = 20;
const script = fileURLToPath(new URL("../../../../apps/op-mcp/bench/policy.ts", import.meta.url));

interface PolicyFigures {
  readonly p50Us: number;
  readonly p99Us: number;
  readonly rules: number;
}

/** What deciding about a call costs. */
export const policyRow: BenchRow = {
  id: "policy",
  what: "p50 of a decision over 1,000 rules with argument predicates",
  unit: "µs",
  promised: `≤ ${allowedUs} µs`,
  measure: async () => {
    const args = ["--conditions=@op-mcp/source", script];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    const { p50Us: value, p99Us, rules }: PolicyFigures = JSON.parse(stdout);
    const against = `limit ${allowedUs} µs; ${rules} rules, p99 ${p99Us} µs`;
    return { value, against, ratio: value / allowedUs, ok: value <= allowedUs };
  },
};
