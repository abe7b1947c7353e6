import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { BenchLine } from "./bench-row.ts";

/** Promises that a package measures itself, with a script that prints a line for each peer. */
export interface PackageBench {
  readonly ids: readonly string[];
  /** From the workspace's root. */
  readonly script: string;
}

/** What several packages measure beside their sources. */
export const packageBenches: readonly PackageBench[] = [
  {
    ids: ["dbus-1", "dbus-64", "dbus-1000", "dbus-bytes", "dbus-crawl"],
    script: "packages/op-dbus/bench/main.ts",
  },
  {
    ids: ["audit-append", "audit-one", "audit-verify", "audit-query"],
    script: "packages/op-audit/bench/append.ts",
  },
  { ids: ["http-modern", "http-legacy"], script: "packages/op-protocol/bench/http.ts" },
  { ids: ["hop", "hop-32"], script: "packages/op-aggregator/bench/hop.ts" },
  { ids: ["hop-peers"], script: "packages/op-aggregator/bench/peers.ts" },
  { ids: ["fault-storm"], script: "packages/op-aggregator/bench/storm.ts" },
  {
    ids: ["agent-dispatch", "agent-1000", "agent-start", "agent-memory"],
    script: "packages/op-agents/bench/agents.ts",
  },
  { ids: ["plan-1000"], script: "packages/op-state/bench/plan.ts" },
  {
    ids: ["process-spawn", "process-full", "process-node", "process-block"],
    script: "packages/op-process/bench/spawn.ts",
  },
];

const root = new URL("../../../", import.meta.url);

/** One line for a promise that was held against several peers: all of them must be ok. */
function merge(lines: readonly BenchLine[]): BenchLine | undefined {
  const [first] = lines;
  if (first === undefined) return undefined;
  const against = lines.map((line) => `${line.against} ${line.ratio ?? "–"} ×`).join(", ");
  return { ...first, against, ok: lines.every(({ ok }) => ok) };
}

function failed(id: string, error: unknown): BenchLine {
  const why = error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
  return {
    id,
    what: "",
    unit: "ms",
    promised: "",
    value: null,
    against: `not measured: ${why}`,
    ratio: null,
    ok: false,
  };
}

function parseLines(text: string): readonly BenchLine[] {
  return text
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => {
      const parsed: BenchLine = JSON.parse(line);
      return parsed;
    });
}

async function runScript(script: string, id: string): Promise<string> {
  const path = fileURLToPath(new URL(script, root));
  const args = ["--conditions=@op-mcp/source", path, "--only", id];
  try {
    return (await promisify(execFile)(process.execPath, args)).stdout;
  } catch (error) {
    // A script that found a promise broken says so by its exit code, and has printed what it measured.
    if (
      error instanceof Error &&
      "stdout" in error &&
      typeof error.stdout === "string" &&
      error.stdout !== ""
    ) {
      return error.stdout;
    }
    throw error;
  }
}

/** Measures one promise of a package. One that cannot be measured is a line that is not ok and says why. */
export async function runPackageBench({ script }: PackageBench, id: string): Promise<BenchLine> {
  try {
    const lines = parseLines(await runScript(script, id)).filter((line) => line.id === id);
    return merge(lines) ?? failed(id, new Error(`${script} printed no line for it`));
  } catch (error) {
    return failed(id, error);
  }
}
