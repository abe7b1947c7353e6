/**
 * The aggregator with one upstream, whose command line it is given, served over stdio, or over HTTP where `PORT` is set:
 * Streamable HTTP at `/mcp`, HTTP+SSE at `/sse`.
 */
import { createServer } from "node:http";
import { openAggregator } from "op-aggregator";
import { openProcessHost } from "op-process";
import { createMcpServer, createStreamTransport, type McpServer } from "op-protocol";
import { createToolView, openToolbox } from "op-tools";

const [, , command = "", ...rest] = process.argv;
const { PORT: port, MANIFEST: manifestPath, PATH = "" } = process.env;
const principal = { id: "bench", scopes: [] };

async function serveHttp(server: McpServer): Promise<void> {
  const { createHttpHandler, createSseHandler } = await import("op-protocol/http");
  const streamable = createHttpHandler({ server });
  const sse = createSseHandler({ server });
  const web = createServer((req, res) => {
    const handler = req.url?.startsWith("/sse") === true ? sse : streamable;
    void handler.handle(req, res, { principal });
  });
  web.listen(Number(port), "127.0.0.1");
  await new Promise((resolve) => process.once("SIGTERM", resolve));
  web.close();
  await Promise.all([streamable[Symbol.asyncDispose](), sse[Symbol.asyncDispose]()]);
}

await using host = await openProcessHost();
await using aggregator = await openAggregator({
  clientInfo: { name: "gateway", version: "1" },
  spawner: host,
  upstreams: [
    { name: "echo", transport: { kind: "stdio", argv: [command, ...rest], env: { PATH } } },
  ],
});
await using toolbox = await openToolbox({
  sources: aggregator.upstreams.map(({ tools }) => tools),
  ...(manifestPath === undefined ? {} : { manifestPath }),
});
using tools = createToolView({
  catalogue: toolbox.registry,
  call: (name, args, context) => toolbox.call(name, args, context),
  metaTools: [],
  mode: "direct",
});
const info = { name: "gateway", version: "1" };
await using server = createMcpServer({ host: { info, tools, resources: [], prompts: [] } });
if (port === undefined) {
  const { stdin: input, stdout: output } = process;
  server.connect(createStreamTransport({ input, output }), principal);
  await new Promise((resolve) => input.once("close", resolve));
} else await serveHttp(server);
