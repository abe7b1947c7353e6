import { createServer } from "node:http";
import { createRecordingTracer } from "op-core/testing";
import { createMcpServer } from "op-protocol";
import { createHttpHandler } from "op-protocol/http";
import { createMemorySource, createToolView, openToolbox, textResult, type Tool } from "op-tools";
import { createTestContext } from "op-tools/testing";
import { expect, it } from "vitest";
import { openAggregator } from "../../src/index.ts";

const { signal } = new AbortController();

const whereAmI: Tool = {
  name: "where_am_i",
  description: "Says which trace it is part of.",
  inputSchema: { type: "object" },
  annotations: {},
  category: "test",
  tags: [],
  source: "far",
  risk: "read",
  call: (_args, { meta }) =>
    Promise.resolve(textResult(`in ${JSON.stringify(meta["traceparent"])}`)),
};

/** A server of our own, over HTTP. */
async function openServer() {
  await using stack = new AsyncDisposableStack();
  const toolbox = stack.use(
    await openToolbox({ sources: [createMemorySource("far", [whereAmI])] }),
  );
  await toolbox.ready;
  const tools = stack.use(
    createToolView({
      catalogue: toolbox.registry,
      call: (name, args, context) => toolbox.call(name, args, context),
      metaTools: [],
      mode: "direct",
    }),
  );
  const info = { name: "far", version: "1" };
  const server = stack.use(createMcpServer({ host: { info, tools, resources: [], prompts: [] } }));
  const mcp = stack.use(createHttpHandler({ server }));
  const principal = { id: "test", scopes: [] };
  const http = createServer((req, res) => void mcp.handle(req, res, { principal }));
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  stack.defer(() => {
    http.closeAllConnections();
    return new Promise<void>((resolve) => http.close(() => resolve()));
  });
  const address = http.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const open = stack.move();
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    [Symbol.asyncDispose]: () => open[Symbol.asyncDispose](),
  };
}

it("a hop is a span of the call, and what the upstream does comes under it", async () => {
  await using server = await openServer();
  await using aggregator = await openAggregator({
    clientInfo: { name: "test", version: "1" },
    upstreams: [{ name: "up", transport: { kind: "http", url: server.url } }],
  });
  const tool = await aggregator.upstreams[0]!.tools.load("where_am_i", { signal });
  const tracer = createRecordingTracer();
  const span = tracer.start("call", { kind: "server" });
  const meta = { traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01" };
  const told = await tool.call({}, createTestContext({ span, meta }));
  expect(tracer.spans[1]).toMatchObject({
    name: "tools/call where_am_i",
    kind: "client",
    parent: "call",
    isEnded: true,
    failure: undefined,
    attributes: { "op_mcp.upstream": "up" },
  });
  expect(told).toMatchObject(textResult(`in "00-${span.traceId}-0000000000000002-01"`));
  const untraced = await tool.call({}, createTestContext({ meta }));
  expect(untraced).toMatchObject(textResult(`in "${meta.traceparent}"`));
});
