/**
 * Measures planning over 1,000 files beside one query of each of them. Prints one JSON object a line.
 * Run it with `node --conditions=@op-mcp/source packages/op-state/bench/plan.ts [--only plan-1000]`.
 */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createMemoryStore, openStateEngine, parseDesiredState } from "../src/index.ts";
import { createFilesPlugin } from "../src/plugins/index.ts";

const count = 1000;
const rounds = 7;
const promisedMs = 1000;

function median(values: readonly number[]): number {
  return (
    values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? Number.NaN
  );
}

async function time(work: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  await work();
  return performance.now() - startedMs;
}

/** Half of the files are as desired, a quarter differ and a quarter are missing. */
async function prepare(root: string): Promise<Record<string, unknown>> {
  const files: Record<string, unknown> = {};
  for (let index = 0; index < count; index += 1) {
    const folder = `/app/part-${index % 20}`;
    const content = `setting = ${index}\n`.repeat(50);
    files[`${folder}/file-${index}.conf`] = { content, mode: "0644" };
    await mkdir(join(root, folder), { recursive: true });
    if (index % 4 === 3) continue;
    const found = index % 4 === 2 ? "different\n" : content;
    await writeFile(join(root, folder, `file-${index}.conf`), found);
  }
  return files;
}

async function measure(root: string): Promise<void> {
  const plugins = [createFilesPlugin({ root })];
  const files = await prepare(root);
  const { signal } = new AbortController();
  await using engine = await openStateEngine({ plugins, store: createMemoryStore() });
  const plans: number[] = [];
  const queries: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    plans.push(
      await time(async () => {
        const plan = await engine.plan(
          parseDesiredState({ version: 1, state: { files } }, plugins),
        );
        if (plan.changes.length !== count / 2) throw new Error("the plan is wrong");
      }),
    );
    queries.push(
      await time(async () => {
        for (const key of Object.keys(files)) await plugins[0]?.query([key], { signal });
      }),
    );
  }
  const [value, against] = [median(plans), median(queries)];
  const row = {
    id: "plan-1000",
    what: "plan over 1,000 files",
    value: Math.round(value),
    unit: "ms",
    against: `a query of each, one by one: ${Math.round(against)} ms`,
    ratio: Number((value / against).toFixed(3)),
    promised: `<= ${promisedMs} ms`,
    ok: value <= promisedMs,
  };
  process.stdout.write(`${JSON.stringify(row)}\n`);
}

const { values } = parseArgs({ options: { only: { type: "string" } } });
if (values.only === undefined || values.only.split(",").includes("plan-1000")) {
  const root = await mkdtemp(join(tmpdir(), "op-state-bench-"));
  try {
    await measure(root);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}
