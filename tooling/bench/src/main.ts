import { parseArgs } from "node:util";
import { runRow, type BenchLine } from "./bench-row.ts";
import { rows } from "./rows.ts";

const { values } = parseArgs({
  options: { json: { type: "boolean", default: false }, only: { type: "string" } },
});

function formatLine({ id, what, value, unit, against, ratio, promised, ok }: BenchLine): string {
  const measured = value === null ? "–" : `${value} ${unit}`;
  const share = ratio === null ? "" : `${ratio} ×`;
  return [
    ok ? "✓" : "✗",
    id.padEnd(10),
    measured.padStart(12),
    share.padStart(10),
    promised.padEnd(34),
    `${what}; ${against}`,
  ].join("  ");
}

const wanted = values.only?.split(",");
const unknown = wanted?.filter((id) => !rows.some((row) => row.id === id)) ?? [];
if (unknown.length > 0) {
  process.stderr.write(
    `No row is named ${unknown.join(", ")}. There are ${rows.map(({ id }) => id).join(", ")}.\n`,
  );
  process.exitCode = 64;
} else {
  let isKept = true;
  for (const row of rows.filter(({ id }) => wanted?.includes(id) ?? true)) {
    const line = await runRow(row);
    isKept &&= line.ok;
    process.stdout.write(`${values.json ? JSON.stringify(line) : formatLine(line)}\n`);
  }
  process.exitCode = isKept ? 0 : 1;
}
