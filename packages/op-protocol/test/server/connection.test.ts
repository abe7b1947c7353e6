import { textResult } from "op-tools";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createMcpServer, type McpServer } from "../../src/index.ts";
import { modernMeta, RawClient } from "../fixtures/raw-client.ts";
import { createSampleHost, sampleTool, type SampleHost } from "../fixtures/sample-host.ts";

let host: SampleHost;
let server: McpServer;
let client: RawClient;

beforeEach(() => {
  host = createSampleHost();
  server = createMcpServer({ host, maxInFlight: 3 });
  client = new RawClient(server);
});

afterEach(() => server[Symbol.asyncDispose]());

const hang = () =>
  host.tools.add(sampleTool("hang"), (_args, { signal }) => {
    return new Promise((_resolve, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason as Error));
    });
  });

const errorCode = (answer: Record<string, unknown>): unknown =>
  (answer["error"] as { code?: unknown } | undefined)?.code;

describe("messages that break the rules", () => {
  it.each([
    ["a batch", [{ jsonrpc: "2.0", id: 1, method: "ping" }], undefined],
    ["a scalar", 5, undefined],
    ["null", null, undefined],
    ["no jsonrpc", { id: 7, method: "ping" }, 7],
    ["a numeric method", { jsonrpc: "2.0", id: 7, method: 5 }, 7],
    ["params that are a list", { jsonrpc: "2.0", id: 7, method: "ping", params: [] }, 7],
    ["an id that is null", { jsonrpc: "2.0", id: null, method: "ping" }, undefined],
    ["an id that is an object", { jsonrpc: "2.0", id: {}, method: "ping" }, undefined],
    ["an id with a fraction", { jsonrpc: "2.0", id: 1.5, method: "ping" }, undefined],
    ["neither request nor answer", { jsonrpc: "2.0", id: 7 }, 7],
  ])(
    "%s is refused as an invalid request, and the connection goes on",
    async (_name, message, id) => {
      client.say(message);
      const refusal = await client.next((answer) => "error" in answer);
      expect(errorCode(refusal)).toBe(-32_600);
      expect(refusal["id"]).toBe(id);
      expect(await client.askModern("tools/list")).toHaveProperty("result.tools");
    },
  );

  it("an answer nobody waits for is ignored", async () => {
    client.say({ jsonrpc: "2.0", id: 99, result: {} });
    expect(await client.askModern("tools/list")).toHaveProperty("result");
    expect(client.received).toHaveLength(1);
  });

  it("an unknown method is not found, also one that objects inherit", async () => {
    expect(errorCode(await client.askModern("tools/destroy"))).toBe(-32_601);
    expect(errorCode(await client.askModern("constructor"))).toBe(-32_601);
  });

  it("a method of the other era is not found", async () => {
    expect(errorCode(await client.askModern("ping"))).toBe(-32_601);
    await client.initialize();
    expect(errorCode(await client.ask("subscriptions/listen", { notifications: {} }))).toBe(
      -32_601,
    );
    expect(await client.ask("ping")).toHaveProperty("result", {});
  });

  it("parameters of the wrong type name the parameter", async () => {
    const answer = await client.askModern("tools/call", { name: 5 });
    expect(answer).toHaveProperty("error.code", -32_602);
    expect(answer).toHaveProperty("error.message", expect.stringContaining("params.name"));
    expect(errorCode(await client.askModern("tools/call", { name: "echo", arguments: "x" }))).toBe(
      -32_602,
    );
    expect(errorCode(await client.askModern("resources/read"))).toBe(-32_602);
    expect(
      errorCode(await client.askModern("prompts/get", { name: "greet", arguments: { who: 5 } })),
    ).toBe(-32_602);
    expect(errorCode(await client.askModern("completion/complete", {}))).toBe(-32_602);
  });

  it("a cursor of somebody else, or of another list, is refused", async () => {
    expect(errorCode(await client.askModern("tools/list", { cursor: "AAAA" }))).toBe(-32_602);
    const small = createMcpServer({ host, pageSize: 1 });
    const other = new RawClient(small);
    host.tools.add(sampleTool("second"));
    const first = await other.askModern("tools/list");
    const { nextCursor } = first["result"] as { nextCursor: string };
    expect(await other.askModern("tools/list", { cursor: nextCursor })).toHaveProperty(
      "result.tools.0.name",
      "second",
    );
    expect(errorCode(await other.askModern("resources/list", { cursor: nextCursor }))).toBe(
      -32_602,
    );
    await small[Symbol.asyncDispose]();
  });

  it("an id that is still in flight is refused, and the first request goes on", async () => {
    hang();
    const params = { name: "hang", _meta: modernMeta() };
    client.say({ jsonrpc: "2.0", id: "x", method: "tools/call", params });
    client.say({ jsonrpc: "2.0", id: "x", method: "tools/call", params });
    const refusal = await client.next((answer) => answer["id"] === "x");
    expect(refusal).toHaveProperty("error.message", expect.stringContaining("in flight"));
  });

  it("more requests than a client may have in flight are refused, not queued", async () => {
    hang();
    for (const id of ["a", "b", "c", "d"]) {
      client.say({
        jsonrpc: "2.0",
        id,
        method: "tools/call",
        params: { name: "hang", _meta: modernMeta() },
      });
    }
    expect(errorCode(await client.next((answer) => answer["id"] === "d"))).toBe(-32_600);
  });
});

describe("the stateless era", () => {
  it("serves any request without a session", async () => {
    const answer = await client.askModern("tools/call", { name: "echo", arguments: { a: 1 } });
    expect(answer).toMatchObject({
      result: {
        resultType: "complete",
        content: [{ type: "text", text: '{"a":1}' }],
        _meta: { "io.modelcontextprotocol/serverInfo": { name: "sample", version: "1.2.3" } },
      },
    });
  });

  it("lets nobody keep the list of tools while some are not known yet", async () => {
    let areToolsKnown = false;
    const young = createMcpServer({ host: { ...host, areToolsKnown: () => areToolsKnown } });
    await using _young = young;
    const asking = new RawClient(young);
    const list = () => asking.askModern("tools/list");
    expect(await list()).toMatchObject({ result: { ttlMs: 0, cacheScope: "private" } });
    areToolsKnown = true;
    expect(await list()).toMatchObject({ result: { ttlMs: 60_000, cacheScope: "private" } });
  });

  it("says how long a list may be kept", async () => {
    expect(await client.askModern("tools/list")).toMatchObject({
      result: { ttlMs: 60_000, cacheScope: "private" },
    });
    expect(await client.askModern("server/discover")).toMatchObject({
      result: {
        supportedVersions: ["2026-07-28"],
        cacheScope: "public",
        instructions: "Use the echo tool.",
      },
    });
  });

  it("refuses a version it does not speak and names those it does", async () => {
    const _meta = modernMeta({}, { "io.modelcontextprotocol/protocolVersion": "1900-01-01" });
    expect(await client.ask("tools/list", { _meta })).toMatchObject({
      error: { code: -32_022, data: { supported: ["2026-07-28"], requested: "1900-01-01" } },
    });
  });

  it("refuses an incomplete envelope", async () => {
    const answer = await client.ask("server/discover", { _meta: {} });
    expect(errorCode(answer)).toBe(-32_602);
    const bare = { "io.modelcontextprotocol/protocolVersion": "2026-07-28" };
    expect(errorCode(await client.ask("tools/list", { _meta: bare }))).toBe(-32_602);
  });

  it("sends log messages only to requests that want them", async () => {
    host.tools.add(sampleTool("talk"), (_args, { logToClient }) => {
      logToClient("debug", "fine print");
      logToClient("warning", { what: "smoke" });
      return textResult("ok");
    });
    await client.askModern("tools/call", { name: "talk" });
    expect(client.received.filter(({ method }) => method === "notifications/message")).toEqual([]);
    const _meta = modernMeta({}, { "io.modelcontextprotocol/logLevel": "info" });
    await client.ask("tools/call", { name: "talk", _meta });
    expect(
      client.received.filter(({ method }) => method === "notifications/message"),
    ).toMatchObject([{ params: { level: "warning", data: { what: "smoke" } } }]);
  });

  it("tells that a capability is missing where a tool must ask", async () => {
    host.tools.add(sampleTool("ask"), async (_args, { ask }) => {
      await ask({ key: "k", message: "?", schema: { type: "object" } });
      return textResult("asked");
    });
    expect(await client.askModern("tools/call", { name: "ask" })).toMatchObject({
      error: { code: -32_021, data: { requiredCapabilities: { elicitation: {} } } },
    });
    await client.initialize();
    expect(await client.ask("tools/call", { name: "ask" })).toMatchObject({
      result: { isError: true, _meta: { "op-mcp/error": { code: "ERR_ASK_UNAVAILABLE" } } },
    });
  });
});

describe("the handshake era", () => {
  it.each(["2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"])(
    "agrees to %s",
    async (revision) => {
      expect(await client.initialize(revision)).toHaveProperty("result.protocolVersion", revision);
      const list = await client.ask("tools/list");
      expect(list).toHaveProperty("result.tools.0.name", "echo");
      expect(list).not.toHaveProperty("result.resultType");
    },
  );

  it("offers its newest revision to a client that names an unknown one", async () => {
    expect(await client.initialize("2020-01-01")).toHaveProperty(
      "result.protocolVersion",
      "2025-11-25",
    );
  });

  it("needs the handshake first, and only once", async () => {
    expect(errorCode(await client.ask("tools/list"))).toBe(-32_600);
    expect(errorCode(await client.ask("initialize", {}))).toBe(-32_602);
    await client.initialize();
    expect(errorCode(await client.initialize())).toBe(-32_600);
  });

  it("answers a ping before the handshake", async () => {
    expect(await client.ask("ping")).toHaveProperty("result", {});
  });

  it("keeps to the level the client set", async () => {
    host.tools.add(sampleTool("talk"), (_args, { logToClient }) => {
      logToClient("info", "note");
      return textResult("ok");
    });
    await client.initialize();
    expect(errorCode(await client.ask("logging/setLevel", { level: "loud" }))).toBe(-32_602);
    await client.ask("tools/call", { name: "talk" });
    await client.ask("logging/setLevel", { level: "error" });
    await client.ask("tools/call", { name: "talk" });
    expect(client.received.filter(({ method }) => method === "notifications/message")).toHaveLength(
      1,
    );
  });

  it("gives old clients only what their revision can read", async () => {
    host.tools.add(sampleTool("many", { outputSchema: { type: "array" } }), () => ({
      content: [
        { type: "resource_link", uri: "note://a", name: "a" },
        { type: "audio", data: "", mimeType: "audio/wav" },
      ],
      structuredContent: [1, 2],
    }));
    await client.initialize("2024-11-05");
    const list = await client.ask("tools/list");
    expect(list).not.toHaveProperty("result.tools.1.outputSchema");
    const { result } = await client.ask("tools/call", { name: "many" });
    expect(result).toEqual({
      content: [
        { type: "text", text: "a: note://a" },
        { type: "text", text: expect.stringContaining("audio") },
      ],
    });
    const modern = await client.askModern("tools/call", { name: "many" });
    expect(modern).toHaveProperty("result.structuredContent", [1, 2]);
  });

  it("answers a missing resource by the number of its era", async () => {
    await client.initialize();
    expect(errorCode(await client.ask("resources/read", { uri: "note://missing" }))).toBe(-32_002);
    const other = new RawClient(server);
    expect(errorCode(await other.askModern("resources/read", { uri: "note://missing" }))).toBe(
      -32_602,
    );
    expect(errorCode(await other.askModern("resources/read", { uri: "elsewhere://x" }))).toBe(
      -32_602,
    );
  });

  it("passes a person's refusal on, and aborts the question when the call is cancelled", async () => {
    host.tools.add(sampleTool("ask"), async (_args, { ask }) => {
      const answer = await ask({ key: "k", message: "?", schema: { type: "object" } });
      return textResult(answer.action);
    });
    await client.initialize("2025-11-25", { elicitation: {} });
    const call = client.ask("tools/call", { name: "ask" });
    const question = await client.next(({ method }) => method === "elicitation/create");
    client.say({ jsonrpc: "2.0", id: question["id"], result: { action: "decline" } });
    expect(await call).toHaveProperty("result.content.0.text", "decline");
    client.say({ jsonrpc: "2.0", id: "second", method: "tools/call", params: { name: "ask" } });
    await client.next(({ method, id }) => method === "elicitation/create" && id !== question["id"]);
    client.say({
      jsonrpc: "2.0",
      method: "notifications/cancelled",
      params: { requestId: "second" },
    });
    await client.next(({ method }) => method === "notifications/cancelled");
    await client.ask("ping");
    expect(client.received.some(({ id }) => id === "second")).toBe(false);
  });
});

it("a client that cannot show a question after all is told so as the outcome of its call", async () => {
  host.tools.add(sampleTool("ask"), async (_args, { ask }) => {
    const answer = await ask({ key: "k", message: "?", schema: { type: "object" } });
    return textResult(answer.action);
  });
  await client.initialize("2025-11-25", { elicitation: {} });
  const call = client.ask("tools/call", { name: "ask" });
  const question = await client.next(({ method }) => method === "elicitation/create");
  const error = { code: -32_601, message: "Method not found" };
  client.say({ jsonrpc: "2.0", id: question["id"], error });
  const answer = await call;
  expect(answer).toHaveProperty("result.isError", true);
  expect(answer).toHaveProperty(
    "result.content.0.text",
    expect.stringMatching(/ERR_ASK_UNAVAILABLE.*Method not found/u),
  );
});

describe("a tool that goes on after its answer", () => {
  it("says nothing more for a request that is over", async () => {
    const report = Promise.withResolvers<() => void>();
    host.tools.add(sampleTool("restless"), (_args, { reportProgress, logToClient }) => {
      reportProgress({ progress: 1 });
      report.resolve(() => {
        reportProgress({ progress: 2 });
        logToClient("error", "late");
      });
      return textResult("ok");
    });
    await client.initialize();
    await client.ask("tools/call", { name: "restless", _meta: { progressToken: "t" } });
    (await report.promise)();
    await client.ask("ping");
    const told = client.received.filter(({ method }) => method !== undefined);
    expect(told).toMatchObject([{ method: "notifications/progress", params: { progress: 1 } }]);
  });

  it("has no progress to report under a token that is none", async () => {
    host.tools.add(sampleTool("busy"), (_args, { reportProgress }) => {
      reportProgress({ progress: 1 });
      return textResult("ok");
    });
    await client.initialize();
    await client.ask("tools/call", { name: "busy", _meta: { progressToken: { no: "token" } } });
    expect(client.received.some(({ method }) => method === "notifications/progress")).toBe(false);
  });
});

describe("the end of a connection", () => {
  it("aborts what is in flight when the client leaves", async () => {
    const ended = Promise.withResolvers<unknown>();
    host.tools.add(sampleTool("hang"), (_args, { signal }) => {
      signal.addEventListener("abort", () => ended.resolve(signal.reason));
      return new Promise(() => undefined);
    });
    client.say({
      jsonrpc: "2.0",
      id: 1,
      method: "tools/call",
      params: { name: "hang", _meta: modernMeta() },
    });
    await client.leave();
    await client.connection.closed;
    await expect(ended.promise).resolves.toMatchObject({ message: "The client left." });
  });

  it("is idle when the last answer is out", async () => {
    const gate = Promise.withResolvers<void>();
    host.tools.add(sampleTool("wait"), async () => {
      await gate.promise;
      return textResult("ok");
    });
    await client.connection.whenIdle();
    const answer = client.askModern("tools/call", { name: "wait" });
    await Promise.resolve();
    await new Promise((resolve) => setImmediate(resolve));
    const idle = client.connection.whenIdle();
    gate.resolve();
    await idle;
    expect(await answer).toHaveProperty("result");
  });

  it("leaves no listener behind, however often it is closed", async () => {
    expect(host.tools.listenerCount).toBe(1);
    await client.connection[Symbol.asyncDispose]();
    await client.connection[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
    expect(host.tools.listenerCount).toBe(0);
  });
});
