/**
 * Measures what starting children costs, beside Node's own `spawn`. Prints one JSON object a line.
 * Run it with `node --conditions=@op-mcp/source packages/op-process/bench/spawn.ts [--only ID,ID]`, after a build.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { openProcessHost, type ProcessHost, type SandboxLevel } from "../src/index.ts";

interface Row {
  readonly id: string;
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  readonly against: string;
  readonly ratio: number;
  readonly promised: string;
  readonly ok: boolean;
}

const { signal } = new AbortController();
const builtSpawner = fileURLToPath(new URL("../dist/spawner/main.js", import.meta.url));
const node = [process.execPath, "-e", "console.log(1)"] as const;
const echo = ["/bin/echo", "1"] as const;

type Argv = readonly [string, ...string[]];
type Start = (argv: Argv) => Promise<void>;

/** From the start to the first line and the end. */
function startIn(host: ProcessHost, level: SandboxLevel): Start {
  return async (argv) => {
    const child = await host.spawn({ argv, cwd: "/", sandbox: { level } }, { signal });
    child.stderr.resume();
    await text(child.stdout);
    await child.exited;
  };
}

const startPlainly: Start = async ([file, ...args]) => {
  const child = spawn(file, args, { cwd: "/", env: {} });
  const exited = once(child, "exit");
  await Promise.all([text(child.stdout), exited]);
};

/** Until the first line is there, which is when the program runs. */
async function firstLineIn(host: ProcessHost, level: SandboxLevel, argv: Argv): Promise<number> {
  const begin = performance.now();
  const child = await host.spawn({ argv, cwd: "/", sandbox: { level } }, { signal });
  child.stderr.resume();
  await once(child.stdout, "data");
  const ms = performance.now() - begin;
  await child.exited;
  return ms;
}

async function repeat(times: number, once_: () => Promise<number>): Promise<number[]> {
  const results: number[] = [];
  for (let run = 0; run < times; run += 1) results.push(await once_());
  return results.toSorted((left, right) => left - right);
}

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await work();
  return performance.now() - begin;
}

const median = (sorted: readonly number[]) => sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
const round = (value: number) => Math.round(value * 100) / 100;

async function measureSpawn(host: ProcessHost): Promise<Row> {
  const plain = median(
    await repeat(60, async () => await timeOf(async () => await startPlainly(echo))),
  );
  const start = startIn(host, "none");
  const ours = median(await repeat(60, async () => await timeOf(async () => await start(echo))));
  return {
    id: "process-spawn",
    what: "echo, from the start until nothing is left, no sandbox",
    value: round(ours),
    unit: "ms",
    against: "child_process.spawn until its exit",
    ratio: round(ours / plain),
    promised: "≤ 30 ms",
    ok: ours <= 30,
  };
}

async function measureSandboxed(host: ProcessHost): Promise<Row> {
  const start = startIn(host, "full");
  const ours = median(await repeat(60, async () => await timeOf(async () => await start(echo))));
  const plain = median(
    await repeat(60, async () => await timeOf(async () => await startPlainly(echo))),
  );
  return {
    id: "process-full",
    what: "echo, from the start until nothing is left, full sandbox",
    value: round(ours),
    unit: "ms",
    against: "child_process.spawn until its exit, no sandbox",
    ratio: round(ours / plain),
    promised: "≤ 60 ms",
    ok: ours <= 60,
  };
}

async function measureNode(host: ProcessHost): Promise<Row> {
  const ours = median(await repeat(40, async () => await firstLineIn(host, "full", node)));
  const plain = median(
    await repeat(40, async () => {
      const begin = performance.now();
      const child = spawn(node[0], node.slice(1), { cwd: "/", env: {} });
      await once(child.stdout, "data");
      const ms = performance.now() - begin;
      await once(child, "exit");
      return ms;
    }),
  );
  return {
    id: "process-node",
    what: "a node child in the full sandbox, until its first line",
    value: round(ours),
    unit: "ms",
    against: "child_process.spawn, no sandbox",
    ratio: round(ours / plain),
    promised: "≤ 60 ms",
    ok: ours <= 60,
  };
}

/** The longest that one start keeps the event loop of this process from turning. */
async function longestBlock(start: Start): Promise<number> {
  const blocks = await repeat(15, async () => {
    let longest = 0;
    let last = performance.now();
    let isRunning = true;
    const turn = () => {
      const now = performance.now();
      longest = Math.max(longest, now - last);
      last = now;
      if (isRunning) setImmediate(turn);
    };
    setImmediate(turn);
    await start(echo);
    isRunning = false;
    return longest;
  });
  return median(blocks);
}

async function measureBlock(host: ProcessHost): Promise<Row> {
  const heap = Array.from({ length: 12_000_000 }, (_, index) => ({ index, next: [index] }));
  const ours = await longestBlock(startIn(host, "full"));
  const plain = await longestBlock(startPlainly);
  const megabytes = Math.round(process.memoryUsage().heapUsed / 1e6);
  if (heap.length === 0) throw new Error("The heap is gone.");
  return {
    id: "process-block",
    what: `longest stop of the event loop while a process with a heap of ${megabytes} MB starts a child`,
    value: round(ours),
    unit: "ms",
    against: "child_process.spawn",
    ratio: round(ours / plain),
    promised: "≤ 0.5 × child_process.spawn",
    ok: ours <= 0.5 * plain,
  };
}

const measurements: Readonly<Record<string, (host: ProcessHost) => Promise<Row>>> = {
  "process-spawn": measureSpawn,
  "process-full": measureSandboxed,
  "process-node": measureNode,
  "process-block": measureBlock,
};

const { values } = parseArgs({ options: { only: { type: "string" } } });
const wanted = values.only?.split(",") ?? Object.keys(measurements);
await using host = await openProcessHost({ spawnerFile: builtSpawner });
await host.inspectSandbox({ signal });
for (const [id, measure] of Object.entries(measurements)) {
  if (wanted.includes(id)) process.stdout.write(`${JSON.stringify(await measure(host))}\n`);
}
