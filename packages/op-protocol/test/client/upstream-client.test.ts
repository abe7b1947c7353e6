import { isOpError, type JsonObject } from "op-core";
import { createManualClock } from "op-core/testing";
import { describe, expect, it } from "vitest";
import {
  createUpstreamClient,
  listAll,
  type UpstreamClientOptions,
} from "../../src/client/index.ts";
import { JsonRpcError } from "../../src/index.ts";
import { until } from "../fixtures/until.ts";
import { answer, createRawUpstream, handshake, type RawUpstream } from "./raw-upstream.ts";

function createClient(upstream: RawUpstream, more: Partial<UpstreamClientOptions> = {}) {
  return createUpstreamClient({
    name: "raw",
    transport: upstream.connect,
    clientInfo: { name: "test", version: "1" },
    capabilities: { elicitation: {} },
    ...more,
  });
}

async function failureOf(promise: Promise<unknown>): Promise<string> {
  const error: unknown = await promise.catch((reason: unknown) => reason);
  return isOpError(error) ? error.code : `not an expected error: ${String(error)}`;
}

const odd: JsonObject = {
  content: [{ type: "hologram", "x-depth": 3, text: "?" }],
  structuredContent: [1, { deep: [null] }],
  "x-unknown": { kept: true },
  _meta: { "vendor/key": 1 },
};

describe("a client of one server", () => {
  it("says what the server is, and remembers how it wants to be spoken to", async () => {
    const upstream = createRawUpstream({});
    await using client = createClient(upstream);
    const profile = await client.connect();
    expect(profile).toEqual({
      revision: "2025-11-25",
      capabilities: handshake.capabilities,
      serverInfo: handshake.serverInfo,
      instructions: "Be careful.",
    });
    const again = createRawUpstream({});
    await using second = createClient(again, { known: profile });
    await second.connect();
    expect(again.received.map((message) => message["method"])).toEqual([
      "initialize",
      "notifications/initialized",
    ]);
  });

  it("asks once more where a server refuses the revision and then names it", async () => {
    let refusals = 1;
    const supportedVersions = ["2026-07-28"];
    const upstream = createRawUpstream({
      "server/discover": (message, far) => {
        const id = message["id"] as number;
        const data = { supported: supportedVersions };
        const error = { code: -32_022, message: "Unsupported protocol version", data };
        if (refusals > 0) far.send({ jsonrpc: "2.0", id, error });
        else far.send(answer(message, { supportedVersions, capabilities: {} }));
        refusals -= 1;
      },
    });
    await using client = createClient(upstream);
    expect(await client.connect()).toMatchObject({ revision: "2026-07-28" });
    refusals = Infinity;
    await using stubborn = createClient(upstream);
    expect(await stubborn.connect()).toMatchObject({ revision: "2025-11-25" });
    const methods = upstream.received.map((message) => message["method"]);
    expect(methods.filter((method) => method === "server/discover")).toHaveLength(4);
  });

  it("passes on results, unknown fields included", async () => {
    const upstream = createRawUpstream({
      "tools/call": (message, far) => far.send(answer(message, odd)),
    });
    await using client = createClient(upstream);
    expect(await client.request("tools/call", { name: "x", "x-param": [1] })).toEqual(odd);
    expect(upstream.received.at(-1)?.["params"]).toEqual({ name: "x", "x-param": [1] });
  });

  it("passes on errors with their code and data", async () => {
    const upstream = createRawUpstream({
      "tools/call": (message, far) =>
        far.send({
          jsonrpc: "2.0",
          id: message["id"] as number,
          error: { code: -31_999, message: "No.", data: ["any", { json: 1 }] },
        }),
    });
    await using client = createClient(upstream);
    const error: unknown = await client.request("tools/call").catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(JsonRpcError);
    expect(error).toMatchObject({
      rpcCode: -31_999,
      message: "No.",
      rpcData: ["any", { json: 1 }],
    });
  });

  it("gives progress to the call it belongs to, under a token of its own", async () => {
    const upstream = createRawUpstream({
      "tools/call": (message, far) => {
        const { progressToken } = (message["params"] as JsonObject)["_meta"] as JsonObject;
        const params = { progressToken, progress: 1, "x-more": true };
        far.send({ jsonrpc: "2.0", method: "notifications/progress", params });
        far.send(answer(message, { content: [] }));
      },
    });
    await using client = createClient(upstream);
    const seen: unknown[] = [];
    const params = { name: "x", _meta: { progressToken: "downstream", trace: "t" } };
    await client.request("tools/call", params, {
      onProgress: ({ progress, "x-more": more }) => seen.push([progress, more]),
    });
    expect(seen).toEqual([[1, true]]);
    const sent = upstream.received.at(-1)?.["params"] as JsonObject;
    expect(sent["_meta"]).toMatchObject({ trace: "t" });
    expect((sent["_meta"] as JsonObject)["progressToken"]).not.toBe("downstream");
  });

  it("tells the server when a call is cancelled, and answers at once", async () => {
    const upstream = createRawUpstream({ "tools/call": () => undefined });
    await using client = createClient(upstream);
    await client.connect();
    const controller = new AbortController();
    const call = client.request("tools/call", {}, { signal: controller.signal });
    await until(() => upstream.received.at(-1)?.["method"] === "tools/call");
    controller.abort(new Error("not needed"));
    await expect(call).rejects.toThrow("not needed");
    await until(() => upstream.received.at(-1)?.["method"] === "notifications/cancelled");
    expect(upstream.received.at(-1)?.["params"]).toMatchObject({ reason: "not needed" });
    expect(client.inFlight).toBe(0);
  });

  it("gives up after the time without a sign of life, which progress extends", async () => {
    const clock = createManualClock();
    const upstream = createRawUpstream({ "tools/call": () => undefined });
    await using client = createClient(upstream, { clock, requestTimeoutMs: 1000 });
    await client.connect();
    const call = failureOf(client.request("tools/call", {}, { onProgress: () => undefined }));
    await until(() => upstream.received.at(-1)?.["method"] === "tools/call");
    await clock.advance(900);
    const { _meta } = upstream.received.at(-1)!["params"] as { _meta: JsonObject };
    upstream.far?.send({
      jsonrpc: "2.0",
      method: "notifications/progress",
      params: { progressToken: _meta["progressToken"] ?? 0, progress: 1 },
    });
    await clock.advance(900);
    expect(client.inFlight).toBe(1);
    await clock.advance(200);
    expect(await call).toBe("ERR_DEADLINE_EXCEEDED");
    expect(clock.pendingTimers).toBe(0);
  });

  it("reads all pages of a list, and refuses pages that go in a circle", async () => {
    const upstream = createRawUpstream({
      "tools/list": (message, far) => {
        const { cursor } = message["params"] as JsonObject;
        const page = cursor === undefined ? { nextCursor: "b" } : {};
        far.send(answer(message, { tools: [{ name: cursor ?? "a" }], ...page }));
      },
      "prompts/list": (message, far) =>
        far.send(answer(message, { prompts: [], nextCursor: "same" })),
    });
    await using client = createClient(upstream);
    expect(await Array.fromAsync(listAll(client, "tools/list", {}))).toEqual([
      { name: "a" },
      { name: "b" },
    ]);
    const circle = Array.fromAsync(listAll(client, "prompts/list", {}));
    expect(await failureOf(circle)).toBe("ERR_UPSTREAM_MESSAGE");
  });
});

describe("a connection that is lost", () => {
  it("fails what was in flight, sends nothing twice, and is made again by the next request", async () => {
    let hangs = true;
    const upstream = createRawUpstream({
      "tools/call": (message, far) => {
        if (hangs) void far[Symbol.asyncDispose]();
        else far.send(answer(message, { content: [] }));
      },
    });
    const lost: Error[] = [];
    await using client = createClient(upstream, { onDisconnect: (reason) => lost.push(reason) });
    expect(await failureOf(client.request("tools/call"))).toBe("ERR_UPSTREAM_CLOSED");
    expect(client.isConnected).toBe(false);
    expect(lost).toHaveLength(1);
    hangs = false;
    expect(await client.request("tools/call")).toEqual({ content: [] });
    expect(upstream.received.filter(({ method }) => method === "tools/call")).toHaveLength(2);
    expect(upstream.connections).toBe(2);
  });

  it("waits longer after each attempt that failed, and lets a caller leave", async () => {
    const clock = createManualClock();
    let attempts = 0;
    await using client = createUpstreamClient({
      name: "absent",
      transport: () => {
        attempts += 1;
        return Promise.reject(new Error("no such program"));
      },
      clientInfo: { name: "test", version: "1" },
      capabilities: {},
      clock,
    });
    expect(await failureOf(client.request("ping"))).toBe("ERR_UPSTREAM_UNREACHABLE");
    const second = failureOf(client.request("ping"));
    await clock.advance(10);
    expect(attempts).toBe(1);
    await clock.advance(100);
    expect(await second).toBe("ERR_UPSTREAM_UNREACHABLE");
    expect(attempts).toBe(2);
    await expect(
      client.request("ping", {}, { signal: AbortSignal.abort(new Error("left")) }),
    ).rejects.toThrow("left");
  });

  it("gives up a server that never answers the handshake", async () => {
    const clock = createManualClock();
    const upstream = createRawUpstream({
      "server/discover": () => undefined,
      initialize: () => undefined,
    });
    await using client = createClient(upstream, { clock, connectTimeoutMs: 3000 });
    const call = failureOf(client.request("ping"));
    await clock.advance(3000);
    expect(await call).toBe("ERR_UPSTREAM_UNREACHABLE");
    expect(clock.pendingTimers).toBe(0);
  });

  it("is not made again after the client was disposed", async () => {
    const client = createClient(createRawUpstream({}));
    await client.connect();
    await client[Symbol.asyncDispose]();
    await client[Symbol.asyncDispose]();
    expect(await failureOf(client.request("ping"))).toBe("ERR_UPSTREAM_CLOSED");
  });
});

describe("a question of the server", () => {
  const question = {
    jsonrpc: "2.0",
    id: 77,
    method: "elicitation/create",
    params: { message: "?" },
  };
  const asking = () =>
    createRawUpstream({ "tools/call": (_message, far) => far.send(question as never) });
  const answerOf = (upstream: RawUpstream) => upstream.received.find(({ id }) => id === 77);

  it("goes to the call it can only belong to", async () => {
    const upstream = asking();
    await using client = createClient(upstream);
    const seen: unknown[] = [];
    const input = {
      session: "a",
      answer: (requests: object) => {
        seen.push(requests);
        return Promise.resolve({ question: { action: "accept", content: {} } });
      },
    };
    client.request("tools/call", {}, { input }).catch(() => undefined);
    await until(() => answerOf(upstream) !== undefined);
    expect(seen).toEqual([
      { question: { method: "elicitation/create", params: { message: "?" } } },
    ]);
    expect(answerOf(upstream)?.["result"]).toEqual({ action: "accept", content: {} });
  });

  it("goes to nobody where it could belong to calls of two people", async () => {
    const upstream = asking();
    await using client = createClient(upstream);
    let asked = 0;
    const inputOf = (session: string) => ({
      session,
      answer: () => {
        asked += 1;
        return Promise.resolve({});
      },
    });
    await client.connect();
    client.request("tools/call", {}, { input: inputOf("a") }).catch(() => undefined);
    client.request("tools/call", {}, { input: inputOf("b") }).catch(() => undefined);
    await until(() => answerOf(upstream) !== undefined);
    expect(answerOf(upstream)?.["error"]).toMatchObject({ code: -32_600 });
    expect(asked).toBe(0);
  });

  it("of another kind is refused, and a ping is answered", async () => {
    const upstream = createRawUpstream({});
    await using client = createClient(upstream);
    await client.connect();
    upstream.far?.send({ jsonrpc: "2.0", id: "p", method: "ping" });
    upstream.far?.send({ jsonrpc: "2.0", id: "q", method: "tools/steal" });
    await until(() => upstream.received.some(({ id }) => id === "q"));
    expect(upstream.received.find(({ id }) => id === "p")?.["result"]).toEqual({});
    expect(upstream.received.find(({ id }) => id === "q")?.["error"]).toMatchObject({
      code: -32_601,
    });
  });
});
