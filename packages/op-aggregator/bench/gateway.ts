/** The aggregator with one upstream, whose command line it is given, served over stdio. */
import { openAggregator } from "op-aggregator";
import { openProcessHost } from "op-process";
import { createMcpServer, createStreamTransport, openStandardInput } from "op-protocol";
import { createToolView, openToolbox } from "op-tools";

const [, , command = "", ...rest] = process.argv;
const { PATH = "" } = process.env;
const principal = { id: "bench", scopes: [] };

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
});
using tools = createToolView({
  catalogue: toolbox.registry,
  call: (name, args, context) => toolbox.call(name, args, context),
  metaTools: [],
  mode: "direct",
});
const info = { name: "gateway", version: "1" };
await using server = createMcpServer({ host: { info, tools, resources: [], prompts: [] } });
const [input, output] = [openStandardInput(), process.stdout];
server.connect(createStreamTransport({ input, output }), principal);
await new Promise((resolve) => input.once("close", resolve));
