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

function report(id: string, unit: string, { value, against }: Record<"value" | "against", number>) {
  console.log(JSON.stringify({ id, value, against, unit, ratio: value / against }));
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
  for (const share of [0.5, 0.99]) {
    const [value, against] = [percentile(far ?? [], share), percentile(near ?? [], share)];
    report(`hop p${share * 100}, ${label}`, "ms", { value, against });
  }
  const against = await throughput(direct, "echo");
  const value = await throughput(through, "echo");
  report(`hop-32, ${label}`, "calls/s", { value, against });
}

const everything = "../node_modules/@modelcontextprotocol/server-everything/dist/index.js";
await compare("server-everything", [process.execPath, fileOf(everything)]);
await compare("our own server", [process.execPath, conditions, fileOf("echo-server.ts")]);
