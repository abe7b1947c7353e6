/**
 * Loads `op-mcp serve`, as it is built, with open sessions that listen and calls in flight, and prints what came of it as
 * one JSON line. Exits with 1 when a call failed or the memory kept growing. Everything stays on loopback.
 *
 *     node bench/load.ts --seconds 60 --sessions 1000 --in-flight 200
 */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createLoadClient, type LoadClient } from "./load-client.ts";

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "60" },
    sessions: { type: "string", default: "1000" },
    "in-flight": { type: "string", default: "200" },
  },
});
const seconds = Number(values.seconds);
const sessionCount = Number(values.sessions);
const inFlight = Number(values["in-flight"]);

/** Memory may settle for this long before it is compared. */
const settlingShare = 1 / 3;
/** What garbage waits to be collected differs from moment to moment, and below some size nobody collects it. */
const mostGrowth = 1.25;
const smallMb = 512;

/** All of the load comes from one caller, whom the limits would hold back. */
const unlimited = 1_000_000_000;
const config = {
  policy: {
    limits: {
      callsPerMinute: unlimited,
      toolCallsPerMinute: unlimited,
      readCallsPerMinute: unlimited,
      sessionCalls: unlimited,
    },
  },
};

interface Server {
  readonly child: ChildProcess;
  readonly url: URL;
  readonly token: string;
}

async function startServer(home: string): Promise<Server> {
  const binary = join(import.meta.dirname, "../bin/op-mcp.cjs");
  const file = join(home, "load.json");
  await writeFile(file, JSON.stringify(config), { mode: 0o600 });
  const args = [binary, "serve", "--json", "--listen", "http://127.0.0.1:0", "--config", file];
  const child = spawn(process.execPath, args, {
    env: {
      PATH: process.env["PATH"],
      HOME: home,
      MCP_DBUS_DISCOVERY: "false",
      OP_MCP_LOG__LEVEL: "warn",
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let text = "";
  for await (const chunk of child.stdout) {
    text += String(chunk);
    if (text.trimEnd().endsWith("\n}")) break;
  }
  const said: { readonly endpoint: string; readonly tokenFile: string } = JSON.parse(text);
  const token = (await readFile(said.tokenFile, "utf8")).trim();
  return { child, url: new URL(said.endpoint), token };
}

async function memoryOf({ pid }: ChildProcess): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
}

async function callUntil(endMs: number, client: LoadClient, index: number): Promise<void> {
  for (let turn = index; performance.now() < endMs; turn += inFlight) {
    await client.call(turn % sessionCount);
  }
}

async function run(home: string): Promise<boolean> {
  const { child, url, token } = await startServer(home);
  const client = createLoadClient({ url, token, connections: inFlight });
  const idleMb = await memoryOf(child);
  await client.openSessions(sessionCount);
  const openMb = await memoryOf(child);
  const samples: number[] = [];
  const sampling = setInterval(() => void memoryOf(child).then((mb) => samples.push(mb)), 500);
  const began = performance.now();
  const workers = Array.from({ length: inFlight }, (_, index) =>
    callUntil(began + seconds * 1000, client, index),
  );
  await Promise.all(workers);
  clearInterval(sampling);
  const elapsedS = (performance.now() - began) / 1000;
  const { calls, errors, durations, listening } = client.figures();
  client.close();
  child.kill("SIGTERM");
  const [exitCode]: unknown[] = await once(child, "exit");
  const half = Math.floor(samples.length * settlingShare);
  const settled = Math.max(...samples.slice(half, half * 2));
  const last = Math.max(...samples.slice(half * 2));
  const isBounded = last <= Math.max(settled * mostGrowth, smallMb);
  const sorted = durations.toSorted((left, right) => left - right);
  const quantile = (share: number): number =>
    Number((sorted[Math.floor(sorted.length * share)] ?? Number.NaN).toFixed(1));
  const ok = errors === 0 && isBounded && listening === sessionCount && exitCode === 0;
  const report = {
    what: `${sessionCount} sessions that listen, ${inFlight} calls in flight`,
    seconds: Math.round(elapsedS),
    calls,
    errors,
    perSecond: Math.round(calls / elapsedS),
    p50Ms: quantile(0.5),
    p99Ms: quantile(0.99),
    memoryMb: { idle: idleMb, sessions: openMb, settled, last },
    exitCode,
    ok,
  };
  process.stdout.write(
    `${JSON.stringify(report, (_, value: unknown) => (typeof value === "number" ? Math.round(value * 10) / 10 : value))}\n`,
  );
  return ok;
}

const home = await mkdtemp(join(tmpdir(), "op-mcp-load-"));
try {
  process.exitCode = (await run(home)) ? 0 : 1;
} finally {
  await rm(home, { recursive: true, force: true });
}
