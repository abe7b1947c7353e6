import { parseArgs } from "node:util";
import { runRow, type BenchLine } from "./bench-row.ts";
import { packageBenches, runPackageBench } from "./package-bench.ts";
import { rows } from "./rows.ts";

const { values } = parseArgs({
  options: { json: { type: "boolean", default: false }, only: { type: "string" } },
});

function formatLine({ id, what, value, unit, against, ratio, promised, ok }: BenchLine): string {
  const measured = value === null ? "–" : `${value} ${unit}`;
  const share = ratio === null ? "" : `${ratio} ×`;
  return [
    ok ? "✓" : "✗",
    id.padEnd(12),
    measured.padStart(12),
    share.padStart(10),
    promised.padEnd(34),
    `${what}; ${against}`,
  ].join("  ");
}

/** Everything that can be measured, in the order of the table. */
const measures: ReadonlyMap<string, () => Promise<BenchLine>> = new Map([
  ...rows.map((row) => [row.id, () => runRow(row)] as const),
  ...packageBenches.flatMap((bench) =>
    bench.ids.map((id) => [id, () => runPackageBench(bench, id)] as const),
  ),
]);

const wanted = values.only?.split(",") ?? [...measures.keys()];
const unknown = wanted.filter((id) => !measures.has(id));
if (unknown.length > 0) {
  const known = [...measures.keys()].join(", ");
  process.stderr.write(`No row is named ${unknown.join(", ")}. There are ${known}.\n`);
  process.exitCode = 64;
} else {
  let isKept = true;
  for (const [id, measure] of measures) {
    if (!wanted.includes(id)) continue;
    const line = await measure();
    isKept &&= line.ok;
    process.stdout.write(`${values.json ? JSON.stringify(line) : formatLine(line)}\n`);
  }
  process.exitCode = isKept ? 0 : 1;
}
