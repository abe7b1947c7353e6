import type { JsonObject } from "op-core";
import { silentLogger } from "op-core";
import { textResult } from "op-tools";
import { describe, expect, it } from "vitest";
import {
  createHttpTransport,
  createLegacySseTransport,
  createWebSocketClientTransport,
  listAll,
  openUpstreamClient,
  toClientTransport,
  type ConnectTransport,
  type EraChoice,
  type InputAnswerer,
} from "../../src/client/index.ts";
import { createInMemoryPair } from "../../src/index.ts";
import { openEndpoint, type Endpoint } from "../fixtures/http-endpoint.ts";
import { sampleTool } from "../fixtures/sample-host.ts";
import { until } from "../fixtures/until.ts";

const schema = { type: "object", properties: { name: { type: "string" } } } as const;

function addTools({ host }: Endpoint): { readonly ended: Promise<unknown> } {
  const { promise: ended, resolve } = Promise.withResolvers<unknown>();
  const inputSchema = {
    type: "object",
    properties: { region: { type: "string", "x-mcp-header": "Region" } },
  } as const;
  host.tools
    .add(sampleTool("region", { inputSchema }), (args) => textResult(JSON.stringify(args)))
    .add(sampleTool("slow"), (_args, { reportProgress }) => {
      reportProgress({ progress: 1, total: 2 });
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

function connectTo(kind: string, endpoint: Endpoint): ConnectTransport {
  if (kind === "http") return createHttpTransport({ url: endpoint.url });
  if (kind === "sse") return createLegacySseTransport({ url: new URL("/sse", endpoint.url) });
  if (kind === "websocket") {
    const url = new URL(endpoint.url);
    url.protocol = "ws:";
    return createWebSocketClientTransport({ url, logger: silentLogger });
  }
  return () => {
    const [near, far] = createInMemoryPair();
    endpoint.server.connect(far, { id: "alice", scopes: [] });
    return Promise.resolve(toClientTransport(near, silentLogger));
  };
}

async function open(
  kind: string,
  era: EraChoice,
  notified: (method: string) => void = () => undefined,
) {
  const endpoint = await openEndpoint();
  const { ended } = addTools(endpoint);
  const client = await openUpstreamClient({
    name: "sample",
    transport: connectTo(kind, endpoint),
    clientInfo: { name: "test", version: "1" },
    capabilities: { elicitation: {} },
    era,
    onNotification: ({ method }) => notified(method),
  });
  return {
    endpoint,
    client,
    ended,
    [Symbol.asyncDispose]: async () => {
      await client[Symbol.asyncDispose]();
      await endpoint[Symbol.asyncDispose]();
    },
  };
}

const someone: InputAnswerer = {
  session: "s",
  answer: (requests) =>
    Promise.resolve(
      Object.fromEntries(
        Object.keys(requests).map((key) => [
          key,
          { action: "accept", content: { name: "Ada" } } satisfies JsonObject,
        ]),
      ),
    ),
};

const ways = [
  ["memory", "legacy", "2025-11-25"],
  ["memory", "auto", "2026-07-28"],
  ["http", "legacy", "2025-11-25"],
  ["http", "auto", "2026-07-28"],
  ["sse", "legacy", "2025-11-25"],
  ["websocket", "legacy", "2025-11-25"],
  ["websocket", "auto", "2026-07-28"],
] as const;

describe.each(ways)("a server over %s, era %s", (kind, era, revision) => {
  it("is known after connecting", async () => {
    await using way = await open(kind, era);
    expect(way.client.profile).toMatchObject({
      revision,
      serverInfo: { name: "sample", version: "1.2.3", title: "Sample" },
      instructions: "Use the echo tool.",
    });
  });

  it("lists and calls", async () => {
    await using way = await open(kind, era);
    const tools = await Array.fromAsync(listAll(way.client, "tools/list", {}));
    expect(tools.map(({ name }) => name)).toContain("echo");
    const params = { name: "echo", arguments: { a: "ü" } };
    const result = await way.client.request("tools/call", params);
    expect(result["content"]).toEqual([{ type: "text", text: '{"a":"ü"}' }]);
    const note = await way.client.request("resources/read", { uri: "note://ü" });
    expect(note["contents"]).toEqual([{ uri: "note://ü", text: "the note note://ü" }]);
  });

  it("has its progress told and its questions answered", async () => {
    await using way = await open(kind, era);
    const seen: unknown[] = [];
    await way.client.request(
      "tools/call",
      { name: "slow" },
      { onProgress: ({ progress, total }) => seen.push([progress, total]) },
    );
    expect(seen).toEqual([[1, 2]]);
    const greeting = await way.client.request("tools/call", { name: "greet" }, { input: someone });
    expect(greeting["content"]).toEqual([
      { type: "text", text: '{"action":"accept","content":{"name":"Ada"}}' },
    ]);
  });

  it("is told of a cancellation", async () => {
    await using way = await open(kind, era);
    const controller = new AbortController();
    const begun = Promise.withResolvers<void>();
    const call = way.client.request(
      "tools/call",
      { name: "hang" },
      { signal: controller.signal, onProgress: () => begun.resolve() },
    );
    call.catch(() => undefined);
    await begun.promise;
    controller.abort(new Error("enough"));
    await expect(call).rejects.toThrow("enough");
    expect(await way.ended).toBeDefined();
  });

  it("tells when its tools change", async () => {
    const seen: string[] = [];
    await using way = await open(kind, era, (method) => seen.push(method));
    // Listening has begun when the server has something to tell it to.
    await until(() => way.endpoint.host.tools.listenerCount > 0);
    await way.client.request("tools/list");
    way.endpoint.host.tools.add(sampleTool("new"));
    await until(() => seen.includes("notifications/tools/list_changed"));
    expect(seen).toContain("notifications/tools/list_changed");
  });
});

describe("over Streamable HTTP", () => {
  it("arguments that a tool wants in headers are there", async () => {
    await using way = await open("http", "modern");
    const params = { name: "region", arguments: { region: "eu-ö" } };
    const { inputSchema } = way.endpoint.host.tools.find("region") ?? {};
    const hints = inputSchema === undefined ? {} : { hints: { inputSchema } };
    const result = await way.client.request("tools/call", params, hints);
    expect(result["content"]).toEqual([{ type: "text", text: '{"region":"eu-ö"}' }]);
    await expect(way.client.request("tools/call", params)).rejects.toMatchObject({
      rpcCode: -32_020,
    });
  });

  it("a session that the server forgot is opened again, and the call is made", async () => {
    await using way = await open("http", "legacy");
    const session = way.endpoint.seen.findLast((headers) => headers["mcp-session-id"]);
    await fetch(way.endpoint.url, {
      method: "DELETE",
      headers: { "mcp-session-id": String(session?.["mcp-session-id"]) },
    });
    const result = await way.client.request("tools/call", { name: "echo", arguments: {} });
    expect(result["content"]).toEqual([{ type: "text", text: "{}" }]);
  });

  it("a call that is under way when the session is forgotten is not made twice", async () => {
    await using way = await open("http", "legacy");
    let begun = 0;
    way.endpoint.host.tools.add(sampleTool("count"), (_args, { reportProgress }) => {
      begun += 1;
      reportProgress({ progress: begun });
      return new Promise(() => undefined);
    });
    const started = Promise.withResolvers<void>();
    const onProgress = () => started.resolve();
    const hanging = way.client.request("tools/call", { name: "count" }, { onProgress });
    hanging.catch(() => undefined);
    await started.promise;
    const session = way.endpoint.seen.findLast((headers) => headers["mcp-session-id"]);
    await fetch(way.endpoint.url, {
      method: "DELETE",
      headers: { "mcp-session-id": String(session?.["mcp-session-id"]) },
    });
    await way.client.request("tools/call", { name: "echo", arguments: {} });
    await expect(hanging).rejects.toMatchObject({ code: "ERR_UPSTREAM_CLOSED" });
    expect(begun).toBe(1);
  });

  it("a status without a message is an error that says it", async () => {
    await using endpoint = await openEndpoint();
    const refused = openUpstreamClient({
      name: "closed",
      transport: createHttpTransport({
        url: endpoint.url,
        fetch: () =>
          Promise.resolve(
            new Response("", { status: 401, headers: { "www-authenticate": "Bearer" } }),
          ),
      }),
      clientInfo: { name: "test", version: "1" },
      capabilities: {},
    });
    await expect(refused).rejects.toMatchObject({
      code: "ERR_UPSTREAM_UNREACHABLE",
      cause: { code: "ERR_UPSTREAM_HTTP", status: 401, challenge: "Bearer" },
    });
  });
});
