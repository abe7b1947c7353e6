/**
 * What servers that go wrong cost their neighbours: nine that are well behind the built op-mcp, called all the time at
 * well below what it could do, while the others go wrong in every way that the tests know, one fault closely after the
 * other. The storm comes in four squalls, each after a calm in which nothing else goes on, so that what else the machine
 * does, and how warm the code is, is the same in both. At the end op-mcp is killed, and nothing it started may be left.
 * Run: `node bench/storm.ts` after a build.
 */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { callFaults, faultServer, startFaults } from "../test/fixtures/fault-server.ts";
import { percentile } from "./caller.ts";
import { OpMcp } from "./op-mcp.ts";
import { treeOf } from "./pin.ts";
import { report, type Promised } from "./report.ts";

/** In a small space for new objects, the caller's own collections take too little time to be measured as the callee's. */
const smallHeap = "--max-semi-space-size=2";
if (!process.execArgv.includes(smallHeap)) {
  const args = [smallHeap, ...process.execArgv, ...process.argv.slice(1)];
  process.exit(spawnSync(process.execPath, args, { stdio: "inherit" }).status ?? 1);
}

const healthyCount = 9;
const pauseMs = 10;
const warmMs = 5000;
/** Each calm, without the time in which what went wrong before it is over and done. */
const calmMs = 2500;
const settleMs = 1000;
const callSqualls = 3;
/** How long each fault is given: some take effect only after their call. */
const faultMs = 250;
const patienceMs = 60_000;
const allowedGrowthMb = 100;

const latency: Promised = {
  id: "fault-storm",
  what: `p99 of nine healthy upstreams while ${callFaults.length + startFaults.length} faults happen beside them`,
  unit: "ms",
  promised: "≤ 1.5 ×",
  isKept: (ratio) => ratio <= 1.5,
};

const healthy = Array.from({ length: healthyCount }, (_, index) => `healthy${index}`);
const nameOf = (fault: string): string => fault.replaceAll("-", "_");

function server(mode: string, more: object = {}): object {
  const rules = [{ match: "*", risk: "read" }];
  return { command: process.execPath, args: ["-e", faultServer(mode)], tools: rules, ...more };
}

const faulty = { requestTimeoutMs: 300, connectTimeoutMs: 1000, idleMs: 200 };
const calledServers = {
  ...Object.fromEntries(healthy.map((name) => [name, server("", { prefix: name })])),
  ...Object.fromEntries(
    callFaults.map((fault) => {
      const name = `call_${nameOf(fault)}`;
      return [name, server("", { prefix: name, ...faulty })];
    }),
  ),
};

async function call(client: Client, name: string): Promise<void> {
  const { content } = await client.callTool({ name, arguments: {} });
  if (!JSON.stringify(content).includes("fine")) throw new Error(`${name}: no answer`);
}

/** Calls the healthy ones all the time until it is told to stop, and says how long each call took, in milliseconds. */
async function load(client: Client, isOver: () => boolean): Promise<readonly number[]> {
  const times: number[] = [];
  const keepCalling = async (name: string): Promise<void> => {
    while (!isOver()) {
      const started = performance.now();
      await call(client, `${name}_ok`);
      times.push(performance.now() - started);
      await sleep(pauseMs);
    }
  };
  await Promise.all(healthy.map(keepCalling));
  return times;
}

/** Faults of calls, one after the other. */
async function failCalls(client: Client, faults: readonly string[]): Promise<void> {
  for (const fault of faults) {
    // How each ends is told by tests; here it matters to the others only.
    await call(client, `call_${nameOf(fault)}_${fault}`).then(undefined, () => undefined);
    await sleep(faultMs);
  }
}

/** Servers that are wrong from their start, each new in the configuration. */
async function failStarts(opMcp: OpMcp): Promise<void> {
  const servers: Record<string, object> = { ...calledServers };
  for (const mode of startFaults) {
    servers[`start_${nameOf(mode)}`] = server(mode, faulty);
    opMcp.configure(servers);
    await sleep(2 * faultMs);
  }
}

/** Every fault once. */
function squalls(client: Client, opMcp: OpMcp): readonly (() => Promise<void>)[] {
  const size = Math.ceil(callFaults.length / callSqualls);
  const parts = Array.from({ length: callSqualls }, (_, index) =>
    callFaults.slice(index * size, (index + 1) * size),
  );
  return [...parts.map((faults) => () => failCalls(client, faults)), () => failStarts(opMcp)];
}

/** Loads the healthy ones for so long. */
async function loadFor(client: Client, ms: number): Promise<readonly number[]> {
  const until = performance.now() + ms;
  return await load(client, () => performance.now() > until);
}

/** Loads the healthy ones while something goes on. */
async function loadDuring(client: Client, goOn: () => Promise<void>): Promise<readonly number[]> {
  let isOver = false;
  const loaded = load(client, () => isOver);
  await goOn();
  isOver = true;
  return await loaded;
}

async function awaitTools(client: Client): Promise<void> {
  const wanted = [
    ...healthy.map((name) => `${name}_ok`),
    ...callFaults.map((fault) => `call_${nameOf(fault)}_${fault}`),
  ];
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const names = new Set<string>();
    let cursor: string | undefined;
    do {
      const page = await client.listTools(cursor === undefined ? {} : { cursor });
      for (const { name } of page.tools) names.add(name);
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    if (wanted.every((name) => names.has(name))) return;
    if (performance.now() > deadline)
      throw new Error(`not listed: ${wanted.filter((name) => !names.has(name)).join(", ")}`);
    await sleep(200);
  }
}

function residentMb(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return (Number(/^VmRSS:\s+(\d+) kB$/mu.exec(status)?.[1]) * 1024) / 1e6;
}

/** Kills op-mcp as nobody can catch it, and says what it started that is still there soon after. */
async function leftAfterKill(pid: number): Promise<readonly number[]> {
  const tree = treeOf(pid);
  process.kill(pid, "SIGKILL");
  await sleep(3000);
  return tree.filter((one) => {
    try {
      // Who has ended and was not yet waited for does not run.
      return !/\) [ZX] /u.test(readFileSync(`/proc/${one}/stat`, "utf8"));
    } catch {
      return false;
    }
  });
}

using opMcp = new OpMcp();
opMcp.configure(calledServers);
const [command, ...args] = opMcp.argv;
const transport = new StdioClientTransport({
  command,
  args,
  env: { ...opMcp.env },
  stderr: "ignore",
});
const client = new Client({ name: "bench", version: "1" });
await client.connect(transport);
await awaitTools(client);
// What a client reads of a flood because it wants to is its own time.
await client.setLoggingLevel("error");
const pid = transport.pid ?? 0;
await loadFor(client, warmMs);
const before = residentMb(pid);
const quiet: number[] = [];
const stormy: number[] = [];
for (const squall of squalls(client, opMcp)) {
  await sleep(settleMs);
  quiet.push(...(await loadFor(client, calmMs)));
  stormy.push(...(await loadDuring(client, squall)));
}
await sleep(2000);
const grown = residentMb(pid) - before;
const left = await leftAfterKill(pid);
await client.close();
const p99 = percentile(quiet, 0.99);
const clean = grown <= allowedGrowthMb && left.length === 0;
report(
  { ...latency, isKept: (ratio) => clean && latency.isKept(ratio) },
  percentile(stormy, 0.99),
  [
    `${stormy.length} calls; p50 ${percentile(stormy, 0.5).toFixed(2)} and in the calms ${percentile(quiet, 0.5).toFixed(2)} ms; ${grown.toFixed(0)} MB grown; ${left.length} processes left after kill -9; p99 in the calms`,
    p99,
  ],
);
