/**
 * What a hop through the aggregator costs: calls of one tool of a server over stdio, made directly, and through the
 * aggregator served over stdio by a process of its own. Sequential calls, taken in turns so that a busy machine slows
 * both; then 32 at a time. Run: `node --conditions=@op-mcp/source bench/hop.ts`.
 */
import { fileURLToPath } from "node:url";
import { silentLogger } from "op-core";
import { openProcessHost } from "op-process";
import { createStdioTransport, openUpstreamClient, type UpstreamClient } from "op-protocol/client";

const rounds = 40;
const callsInRound = 50;
const conditions = "--conditions=@op-mcp/source";
const fileOf = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

async function timeRound(client: UpstreamClient, name: string): Promise<readonly number[]> {
  const times: number[] = [];
  for (let count = 0; count < callsInRound; count += 1) {
    const started = performance.now();
    await client.request("tools/call", { name, arguments: { message: "hello" } });
    times.push(performance.now() - started);
  }
  return times;
}

async function throughput(client: UpstreamClient, name: string): Promise<number> {
  const total = 3000;
  const started = performance.now();
  let left = total;
  const work = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await client.request("tools/call", { name, arguments: { message: "hello" } });
    }
  };
  await Promise.all(Array.from({ length: 32 }, work));
  return total / ((performance.now() - started) / 1000);
}

await using host = await openProcessHost();
const connect = async (argv: readonly [string, ...string[]]): Promise<UpstreamClient> =>
  await openUpstreamClient({
    name: argv.join(" "),
    transport: createStdioTransport({
      spawner: host,
      spec: { argv, cwd: "/", sandbox: { level: "none" } },
      logger: silentLogger,
    }),
    clientInfo: { name: "bench", version: "1" },
    capabilities: {},
  });

interface Promised {
  readonly id: "hop" | "hop-p99" | "hop-32";
  readonly what: string;
  readonly unit: string;
  readonly promised: string;
  readonly isKept: (ratio: number) => boolean;
}

const promises = {
  p50: {
    id: "hop",
    what: "a call through the aggregator, p50",
    unit: "ms",
    promised: "≤ 2 ×",
    isKept: (ratio) => ratio <= 2,
  },
  p99: {
    id: "hop-p99",
    what: "a call through the aggregator, p99",
    unit: "ms",
    promised: "–",
    isKept: () => true,
  },
  throughput: {
    id: "hop-32",
    what: "calls through the aggregator, 32 at a time",
    unit: "/s",
    promised: "≥ 0.6 ×",
    isKept: (ratio) => ratio >= 0.6,
  },
} satisfies Record<string, Promised>;

const rounded = (value: number): number => Number(value.toPrecision(4));

function report(promise: Promised, label: string, through: number, direct: number): void {
  const { isKept, ...line } = promise;
  const ratio = through / direct;
  const against = `${label} directly, ${rounded(direct)} ${promise.unit}`;
  const measured = { value: rounded(through), against, ratio: rounded(ratio), ok: isKept(ratio) };
  process.stdout.write(`${JSON.stringify({ ...line, ...measured })}\n`);
}

async function compare(label: string, upstream: readonly [string, ...string[]]): Promise<void> {
  await using direct = await connect(upstream);
  await using through = await connect([
    process.execPath,
    conditions,
    fileOf("gateway.ts"),
    ...upstream,
  ]);
  const times: Record<"direct" | "through", number[]> = { direct: [], through: [] };
  for (let round = -5; round < rounds; round += 1) {
    const [near, far] = [await timeRound(direct, "echo"), await timeRound(through, "echo")];
    if (round < 0) continue;
    times.direct.push(...near);
    times.through.push(...far);
  }
  const [near, far] = [times.direct, times.through].map((all) => all.toSorted((a, b) => a - b));
  report(promises.p50, label, percentile(far ?? [], 0.5), percentile(near ?? [], 0.5));
  report(promises.p99, label, percentile(far ?? [], 0.99), percentile(near ?? [], 0.99));
  const [direct32, through32] = [
    await throughput(direct, "echo"),
    await throughput(through, "echo"),
  ];
  report(promises.throughput, label, through32, direct32);
}

const everything = "../node_modules/@modelcontextprotocol/server-everything/dist/index.js";
await compare("server-everything", [process.execPath, fileOf(everything)]);
await compare("our own server", [process.execPath, conditions, fileOf("echo-server.ts")]);
