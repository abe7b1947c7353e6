/**
 * Measures calls a second over HTTP beside a bare server of the official SDK, both with one echo tool, on 32 connections
 * that are kept alive. Prints one line for each era. Needs nothing else on the machine.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { legacyRequest, measureLoad, modernRequest, type Load } from "./http-load.ts";

const connections = 32;
const roundMs = 2000;
const rounds = 3;

const rows = [
  { id: "http-modern", era: "modern", atLeast: 1 },
  { id: "http-legacy", era: "legacy", atLeast: 1.5 },
] as const;

type Side = "ours" | "sdk";
type Era = "modern" | "legacy";

interface Running {
  readonly child: ChildProcess;
  readonly port: number;
}

async function start(side: Side): Promise<Running> {
  const script = fileURLToPath(new URL("http-sides.ts", import.meta.url));
  const args = ["--conditions=@op-mcp/source", script, side];
  const child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
  const [line]: unknown[] = await once(child.stdout, "data");
  return { child, port: Number(String(line)) };
}

async function requestsFor(era: Era, port: number): Promise<readonly string[]> {
  const ids = Array.from({ length: connections }, (_, index) => index + 1);
  if (era === "modern") return ids.map(modernRequest);
  return await Promise.all(ids.map((id) => legacyRequest(port, id)));
}

async function measure(side: Side, era: Era): Promise<Load> {
  const { child, port } = await start(side);
  const requests = await requestsFor(era, port);
  await measureLoad(port, requests, roundMs / 4);
  const load = await measureLoad(port, requests, roundMs);
  child.stdin?.end();
  await once(child, "exit");
  return load;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

async function compare(era: Era): Promise<Record<Side, Load>> {
  const ours: Load[] = [];
  const sdk: Load[] = [];
  for (let round = 0; round < rounds; round += 1) {
    ours.push(await measure("ours", era));
    sdk.push(await measure("sdk", era));
  }
  return { ours: summarise(ours), sdk: summarise(sdk) };
}

function summarise(loads: readonly Load[]): Load {
  return {
    perSecond: median(loads.map(({ perSecond }) => perSecond)),
    p50Ms: median(loads.map(({ p50Ms }) => p50Ms)),
    errors: loads.reduce((sum, { errors }) => sum + errors, 0),
  };
}

function describe({ perSecond, p50Ms }: Load): string {
  return `${Math.round(perSecond)}/s, p50 ${p50Ms.toFixed(2)} ms`;
}

const { values } = parseArgs({ options: { only: { type: "string" } } });
const wanted = values.only?.split(",");
for (const { id, era, atLeast } of rows) {
  if (wanted !== undefined && !wanted.includes(id)) continue;
  const { ours, sdk } = await compare(era);
  const ratio = Number((ours.perSecond / sdk.perSecond).toFixed(2));
  const line = {
    id,
    what: `calls over HTTP, ${connections} in flight (${describe(ours)})`,
    value: Math.round(ours.perSecond),
    unit: "/s",
    against: `bare SDK v2 server (${describe(sdk)})`,
    ratio,
    promised: `≥ ${atLeast.toFixed(1)} ×`,
    ok: ratio >= atLeast && ours.errors + sdk.errors === 0,
  };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
