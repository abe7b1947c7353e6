import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { Client as OldClient } from "@modelcontextprotocol/sdk/client/index.js";
import { SSEClientTransport } from "@modelcontextprotocol/sdk/client/sse.js";
import { StreamableHTTPClientTransport as OldTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { ElicitRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import { textResult } from "op-tools";
import { describe, expect, it } from "vitest";
import { openEndpoint, type Endpoint } from "../fixtures/http-endpoint.ts";
import { sampleTool } from "../fixtures/sample-host.ts";
import { until } from "../fixtures/until.ts";

const schema = { type: "object", properties: { name: { type: "string" } } } as const;

function addTools({ host }: Endpoint): { readonly ended: Promise<unknown> } {
  const { promise: ended, resolve } = Promise.withResolvers<unknown>();
  host.tools
    .add(sampleTool("slow"), (_args, { reportProgress }) => {
      reportProgress({ progress: 1, total: 2 });
      reportProgress({ progress: 2, total: 2 });
      return textResult("done");
    })
    .add(sampleTool("greet"), async (_args, { ask }) => {
      const answer = await ask({ key: "name", message: "Your name?", schema });
      return textResult(JSON.stringify(answer));
    })
    .add(sampleTool("hang"), (_args, { signal, reportProgress }) => {
      reportProgress({ progress: 1 });
      return new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => {
          resolve(signal.reason);
          reject(signal.reason as Error);
        });
      });
    });
  return { ended };
}

const eras = [
  ["the handshake era", "legacy"],
  ["the stateless era", { pin: "2026-07-28" }],
  ["the era it finds", "auto"],
] as const;

describe.each(eras)("the official client in %s, over HTTP", (_name, mode) => {
  const open = async () => {
    const endpoint = await openEndpoint();
    const { ended } = addTools(endpoint);
    const client = new Client(
      { name: "official", version: "1" },
      { capabilities: { elicitation: {} }, versionNegotiation: { mode } },
    );
    await client.connect(new StreamableHTTPClientTransport(endpoint.url));
    return {
      endpoint,
      client,
      ended,
      [Symbol.asyncDispose]: async () => {
        await client.close();
        await endpoint[Symbol.asyncDispose]();
      },
    };
  };

  it("lists, calls, reads and gets", async () => {
    await using opened = await open();
    const { tools } = await opened.client.listTools();
    expect(tools.map(({ name }) => name)).toContain("echo");
    const result = await opened.client.callTool({ name: "echo", arguments: { a: "ä😀" } });
    expect(result.content).toEqual([{ type: "text", text: '{"a":"ä😀"}' }]);
    expect((await opened.client.readResource({ uri: "note://a" })).contents).toHaveLength(1);
    const prompt = await opened.client.getPrompt({ name: "greet", arguments: { who: "Ada" } });
    expect(prompt.messages).toHaveLength(1);
    await expect(opened.client.callTool({ name: "nope" })).rejects.toThrow(/no tool named/);
  });

  it("hears of progress before the result", async () => {
    await using opened = await open();
    const seen: unknown[] = [];
    const onprogress = (update: object) => void seen.push(update);
    await opened.client.callTool({ name: "slow" }, { onprogress });
    expect(seen).toEqual([
      { progress: 1, total: 2 },
      { progress: 2, total: 2 },
    ]);
  });

  it("is asked in the middle of a call", async () => {
    await using opened = await open();
    opened.client.setRequestHandler("elicitation/create", () => ({
      action: "accept",
      content: { name: "Zed" },
    }));
    const result = await opened.client.callTool({ name: "greet" });
    expect(JSON.stringify(result.content)).toContain("Zed");
  });

  it("cancels a call, and the tool sees it", async () => {
    await using opened = await open();
    const controller = new AbortController();
    const started = Promise.withResolvers<void>();
    const call = opened.client.callTool(
      { name: "hang" },
      { signal: controller.signal, onprogress: () => started.resolve() },
    );
    await started.promise;
    controller.abort(new Error("enough"));
    await expect(call).rejects.toThrow(/enough|abort/iu);
    await expect(opened.ended).resolves.toMatchObject({ name: "AbortError" });
  });

  it("answers a hundred calls at once", async () => {
    await using opened = await open();
    const calls = Array.from({ length: 100 }, (_, n) =>
      opened.client.callTool({ name: "echo", arguments: { n } }),
    );
    const results = await Promise.all(calls);
    expect(results.map(({ content }) => content)).toEqual(
      results.map((_, n) => [{ type: "text", text: JSON.stringify({ n }) }]),
    );
    expect(opened.endpoint.handler.inFlight).toBeLessThanOrEqual(1);
  });
});

describe("the official client, told of changes", () => {
  it("listens in the stateless era", async () => {
    await using endpoint = await openEndpoint();
    const mode = { pin: "2026-07-28" } as const;
    const client = new Client({ name: "o", version: "1" }, { versionNegotiation: { mode } });
    await client.connect(new StreamableHTTPClientTransport(endpoint.url));
    const changed = Promise.withResolvers<void>();
    client.setNotificationHandler("notifications/tools/list_changed", () => changed.resolve());
    const subscription = await client.listen({ toolsListChanged: true });
    endpoint.host.tools.add(sampleTool("new"));
    await expect(changed.promise).resolves.toBeUndefined();
    await subscription.close();
    await client.close();
  });

  it("hears on its stream in the handshake era", async () => {
    await using endpoint = await openEndpoint();
    const client = new Client({ name: "o", version: "1" });
    const changed = Promise.withResolvers<void>();
    client.setNotificationHandler("notifications/tools/list_changed", () => changed.resolve());
    await client.connect(new StreamableHTTPClientTransport(endpoint.url));
    await client.listTools();
    while (endpoint.handler.sessionCount === 0) await client.ping();
    endpoint.host.tools.add(sampleTool("new"));
    await expect(changed.promise).resolves.toBeUndefined();
    await client.close();
  });
});

describe("the official clients, when the connection ends in the middle of a call", () => {
  const open = async () => {
    const endpoint = await openEndpoint({ maxConnectionMs: 20, retryMs: 5 });
    const isBack = (): boolean =>
      endpoint.seen.some((headers) => headers["last-event-id"] !== undefined);
    endpoint.host.tools.add(sampleTool("patient"), async (_args, { reportProgress }) => {
      reportProgress({ progress: 1 });
      await until(isBack);
      return textResult("worth the wait");
    });
    return endpoint;
  };
  const text = [{ type: "text", text: "worth the wait" }];
  const options = { onprogress: () => undefined };

  it("come back for the answer: the new one", async () => {
    await using endpoint = await open();
    const client = new Client({ name: "new", version: "1" });
    await client.connect(new StreamableHTTPClientTransport(endpoint.url));
    expect((await client.callTool({ name: "patient" }, options)).content).toEqual(text);
    await client.close();
  });

  it("come back for the answer: the old one", async () => {
    await using endpoint = await open();
    const client = new OldClient({ name: "old", version: "1" });
    await client.connect(new OldTransport(endpoint.url));
    const result = await client.callTool({ name: "patient" }, undefined, options);
    expect(result.content).toEqual(text);
    await client.close();
  });
});

const oldTransports = [
  ["Streamable HTTP", (url: URL) => new OldTransport(url)],
  ["HTTP+SSE", (url: URL) => new SSEClientTransport(new URL("/sse", url))],
] as const;

describe.each(oldTransports)("the official client of the older SDK, over %s", (_name, connect) => {
  it("calls, hears of progress and is asked", async () => {
    await using endpoint = await openEndpoint();
    addTools(endpoint);
    const client = new OldClient(
      { name: "old", version: "1" },
      { capabilities: { elicitation: {} } },
    );
    client.setRequestHandler(ElicitRequestSchema, () => ({
      action: "accept",
      content: { name: "Zed" },
    }));
    await client.connect(connect(endpoint.url));
    expect((await client.listTools()).tools.map(({ name }) => name)).toContain("greet");
    const heard = Promise.withResolvers<unknown>();
    endpoint.host.tools.add(sampleTool("patient"), async (_args, { reportProgress }) => {
      reportProgress({ progress: 1, message: "half" });
      return textResult(JSON.stringify(await heard.promise));
    });
    const onprogress = heard.resolve;
    const told = await client.callTool({ name: "patient" }, undefined, { onprogress });
    expect(JSON.stringify(told.content)).toContain("half");
    const asked = await client.callTool({ name: "greet" });
    expect(JSON.stringify(asked.content)).toContain("Zed");
    await client.close();
  });
});
