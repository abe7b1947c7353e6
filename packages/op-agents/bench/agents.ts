/**
 * Measures what agents cost, beside a plain `child_process.spawn` for each call. Prints one JSON object a line.
 * Run it with `node --conditions=@op-mcp/source packages/op-agents/bench/agents.ts [--only ID,ID]`, after a build.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { defineExecutor } from "../src/agents/index.ts";
import { ExecutorConfig } from "../src/config.ts";
import {
  openAgentPool,
  openNativeBackend,
  type AgentPool,
  type AgentSpec,
  type ExecutionBackend,
} from "../src/index.ts";

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
const built = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const spawnerFile = built("../../op-process/dist/spawner/main.js");
const round = (value: number) => Math.round(value * 1000) / 1000;

/** The executor as it is installed, not as it is written. */
function executor(instances: { readonly min: number; readonly max: number }): AgentSpec {
  const spec = defineExecutor(ExecutorConfig.parse({ instances, folders: ["/tmp"] }));
  if (spec.program.kind !== "module") throw new Error("The executor is no module.");
  const file = built("../dist/agents/executor/main.js");
  return { ...spec, program: { ...spec.program, file } };
}

async function openPool(
  backend: ExecutionBackend,
  instances: { readonly min: number; readonly max: number },
): Promise<AgentPool> {
  return await openAgentPool({ backend, specs: [executor(instances)] }, { signal });
}

async function echo(pool: AgentPool): Promise<void> {
  const input = { argv: ["echo", "1"] };
  await pool.run({ type: "executor", operation: "execute_command", input }, { signal });
}

async function spawnEcho(): Promise<void> {
  const child = spawn("/bin/echo", ["1"], { cwd: "/", env: {} });
  const exited = once(child, "exit");
  await Promise.all([text(child.stdout), exited]);
}

async function median(times: number, work: () => Promise<number>): Promise<number> {
  const results: number[] = [];
  for (let run = 0; run < times; run += 1) results.push(await work());
  return results.toSorted((left, right) => left - right)[Math.floor(times / 2)] ?? Number.NaN;
}

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await work();
  return performance.now() - begin;
}

async function measureDispatch(backend: ExecutionBackend): Promise<Row> {
  await using pool = await openPool(backend, { min: 1, max: 1 });
  const level = pool.agents[0]?.isolation;
  for (let run = 0; run < 200; run += 1) await echo(pool);
  const ours = await median(2000, async () => await timeOf(async () => await echo(pool)));
  const plain = await median(100, async () => await timeOf(spawnEcho));
  return {
    id: "agent-dispatch",
    what: `echo by a warm executor in the sandbox ${level}, p50`,
    value: round(ours),
    unit: "ms",
    against: "child_process.spawn for each call, no sandbox",
    ratio: round(ours / plain),
    promised: "≤ 0.3 ms",
    ok: ours <= 0.3 && level === "full",
  };
}

async function fromCallers(calls: number, callers: number, call: () => Promise<void>) {
  let left = calls;
  let errors = 0;
  const caller = async () => {
    for (left -= 1; left >= 0; left -= 1) {
      await call().catch(() => {
        errors += 1;
      });
    }
  };
  const ms = await timeOf(async () => await Promise.all(Array.from({ length: callers }, caller)));
  return { ms, errors };
}

async function measureThousand(backend: ExecutionBackend): Promise<Row> {
  await using pool = await openPool(backend, { min: 2, max: 4 });
  const ours = await fromCallers(1000, 32, async () => await echo(pool));
  const plain = await fromCallers(1000, 32, spawnEcho);
  return {
    id: "agent-1000",
    what: `1,000 calls of echo from 32 callers, ${ours.errors} errors`,
    value: round(ours.ms),
    unit: "ms",
    against: "child_process.spawn for each call, no sandbox",
    ratio: round(ours.ms / plain.ms),
    promised: "≤ 2,000 ms, 0 errors",
    ok: ours.ms <= 2000 && ours.errors === 0,
  };
}

async function measureStart(backend: ExecutionBackend): Promise<Row> {
  const ours = await median(30, async () => {
    const begin = performance.now();
    await using pool = await openPool(backend, { min: 1, max: 1 });
    const ms = performance.now() - begin;
    if (pool.agents.length === 0) throw new Error("The executor did not start.");
    return ms;
  });
  const node = [process.execPath, "-e", "console.log(1)"] as const;
  const plain = await median(30, async () => {
    const begin = performance.now();
    const child = spawn(node[0], node.slice(1), { cwd: "/", env: {} });
    await once(child.stdout, "data");
    const ms = performance.now() - begin;
    await once(child, "exit");
    return ms;
  });
  return {
    id: "agent-start",
    what: "an executor in the full sandbox, from the start until it is ready, p50",
    value: round(ours),
    unit: "ms",
    against: "child_process.spawn of node until its first line, no sandbox",
    ratio: round(ours / plain),
    promised: "≤ 60 ms",
    ok: ours <= 60,
  };
}

/** Memory that nobody else shares, of a process and all that descend from it. */
function privateKb(pid: string): number {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
  const own = [...rollup.matchAll(/^Private_\w+:\s+(\d+)/gmu)].map(([, kb]) => Number(kb));
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ");
  const below = children.filter((child) => child.trim() !== "").map(privateKb);
  return [...own, ...below].reduce((sum, kb) => sum + kb, 0);
}

async function measureMemory(backend: ExecutionBackend): Promise<Row> {
  await using pool = await openPool(backend, { min: 10, max: 10 });
  for (let run = 0; run < 100; run += 1) await echo(pool);
  const each = pool.agents.map(({ processId }) => privateKb(processId) / 1024);
  const ours = each.reduce((sum, mb) => sum + mb, 0) / each.length;
  const child = spawn(process.execPath, ["-e", "console.log(1); setInterval(() => {}, 1e6)"]);
  await once(child.stdout, "data");
  const plain = privateKb(String(child.pid)) / 1024;
  child.kill();
  return {
    id: "agent-memory",
    what: "private memory of an idle executor with its sandbox, mean of ten",
    value: round(ours),
    unit: "MB",
    against: "an idle node",
    ratio: round(ours / plain),
    promised: "≤ 15 MB",
    ok: ours <= 15,
  };
}

const measurements: Readonly<Record<string, (backend: ExecutionBackend) => Promise<Row>>> = {
  "agent-dispatch": measureDispatch,
  "agent-1000": measureThousand,
  "agent-start": measureStart,
  "agent-memory": measureMemory,
};

const { values } = parseArgs({ options: { only: { type: "string" } } });
const wanted = values.only?.split(",") ?? Object.keys(measurements);
await using backend = await openNativeBackend({ spawnerFile });
await backend.health({ signal });
for (const [id, measure] of Object.entries(measurements)) {
  if (wanted.includes(id)) process.stdout.write(`${JSON.stringify(await measure(backend))}\n`);
}
