import { createServer } from "node:http";
import { createMcpServer } from "op-protocol";
import { createWebSocketHandler } from "op-protocol/http";
import { createMemorySource, createToolView, openToolbox, textResult, type Tool } from "op-tools";
import { createTestContext } from "op-tools/testing";
import { expect, it } from "vitest";
import { openAggregator } from "../../src/index.ts";

const { signal } = new AbortController();
const clientInfo = { name: "test", version: "1" };

const hello: Tool = {
  name: "hello",
  description: "Says hello.",
  inputSchema: { type: "object" },
  annotations: { readOnlyHint: true },
  category: "test",
  tags: [],
  source: "test",
  risk: "read",
  call: (_args, { reportProgress }) => {
    reportProgress({ progress: 1 });
    return Promise.resolve(textResult("hello"));
  },
};

it("a server over WebSocket is called like any other, also after its connections were cut", async () => {
  await using toolbox = await openToolbox({ sources: [createMemorySource("test", [hello])] });
  await toolbox.ready;
  using tools = createToolView({
    catalogue: toolbox.registry,
    call: (name, args, context) => toolbox.call(name, args, context),
    metaTools: [],
    mode: "direct",
  });
  await using server = createMcpServer({
    host: { info: clientInfo, tools, resources: [], prompts: [] },
  });
  await using sockets = createWebSocketHandler({ server });
  const web = createServer();
  web.on("upgrade", (req, socket, head) => {
    void sockets.handleUpgrade({ req, socket, head }, { principal: { id: "alice", scopes: [] } });
  });
  const open = new Set<{ destroy(): void }>();
  web.on("connection", (socket) => open.add(socket));
  await new Promise<void>((resolve) => web.listen(0, "127.0.0.1", resolve));
  const address = web.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  await using aggregator = await openAggregator({
    clientInfo,
    upstreams: [
      { name: "up", transport: { kind: "websocket", url: `ws://127.0.0.1:${port}/mcp` } },
    ],
  });
  const [up] = aggregator.upstreams;
  const tool = await up!.tools.load("hello", { signal });
  const seen: number[] = [];
  const context = createTestContext({
    meta: { progressToken: 1 },
    reportProgress: ({ progress }) => seen.push(progress),
  });
  expect((await tool.call({}, context)).content).toEqual([{ type: "text", text: "hello" }]);
  expect(seen).toEqual([1]);
  for (const socket of open) socket.destroy();
  await expect.poll(() => up!.status.isConnected).toBe(false);
  expect((await tool.call({}, context)).content).toEqual([{ type: "text", text: "hello" }]);
  await aggregator[Symbol.asyncDispose]();
  await new Promise((resolve) => web.close(resolve));
});
