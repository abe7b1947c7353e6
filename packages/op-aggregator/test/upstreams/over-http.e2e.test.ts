import { createTestContext } from "op-tools/testing";
import { createHttpTransport, listAll, openUpstreamClient } from "op-protocol/client";
import { describe, expect, it } from "vitest";
import { openAggregator, type UpstreamConfig } from "../../src/index.ts";
import { openEverything } from "../fixtures/everything-over-http.ts";

const { signal } = new AbortController();
const clientInfo = { name: "test", version: "1" };

async function openUpstream(transport: UpstreamConfig["transport"]) {
  const aggregator = await openAggregator({ clientInfo, upstreams: [{ name: "up", transport }] });
  return {
    sources: aggregator.upstreams[0]!,
    [Symbol.asyncDispose]: () => aggregator[Symbol.asyncDispose](),
  };
}

describe("the server that shows everything, over HTTP", () => {
  it("answers through the aggregator as it does directly", async () => {
    await using everything = await openEverything("streamableHttp");
    await everything.start();
    await using client = await openUpstreamClient({
      name: "direct",
      transport: createHttpTransport({ url: new URL(everything.url) }),
      clientInfo,
      capabilities: { elicitation: { form: {}, url: {} }, sampling: {}, roots: {} },
    });
    await using up = await openUpstream({ kind: "http", url: everything.url });
    const direct = await Array.fromAsync(listAll(client, "tools/list", {}));
    const through = await Array.fromAsync(up.sources.tools.list({ signal }));
    expect(through.map(({ inputSchema }) => inputSchema)).toEqual(
      direct.map((tool) => tool["inputSchema"]),
    );
    const params = { name: "get-structured-content", arguments: { location: "Chicago" } };
    const tool = await up.sources.tools.load(params.name, { signal });
    expect(JSON.stringify(await tool.call(params.arguments, createTestContext()))).toBe(
      JSON.stringify(await client.request("tools/call", params)),
    );
    const seen: number[] = [];
    const long = await up.sources.tools.load("trigger-long-running-operation", { signal });
    await long.call(
      { duration: 0.2, steps: 2 },
      createTestContext({
        meta: { progressToken: 1 },
        reportProgress: ({ progress }) => seen.push(progress),
      }),
    );
    expect(seen).toEqual([1, 2]);
  });

  it("is spoken to again after it was started anew and knows no session", async () => {
    await using everything = await openEverything("streamableHttp");
    const child = await everything.start();
    await using up = await openUpstream({ kind: "http", url: everything.url });
    const tool = await up.sources.tools.load("echo", { signal });
    await tool.call({ message: "one" }, createTestContext());
    await child.kill();
    await everything.start();
    const { content } = await tool.call({ message: "two" }, createTestContext());
    expect(content).toEqual([{ type: "text", text: "Echo: two" }]);
  });

  it("answers over the older HTTP+SSE too", async () => {
    await using everything = await openEverything("sse");
    await everything.start();
    await using up = await openUpstream({ kind: "sse", url: everything.url });
    const tool = await up.sources.tools.load("echo", { signal });
    const { content } = await tool.call({ message: "one" }, createTestContext());
    expect(content).toEqual([{ type: "text", text: "Echo: one" }]);
  });
});
