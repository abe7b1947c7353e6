import { connect } from "node:net";
import { createManualClock } from "op-core/testing";
import { textResult } from "op-tools";
import { describe, expect, it } from "vitest";
import { EventReader } from "../fixtures/event-reader.ts";
import { openEndpoint } from "../fixtures/http-endpoint.ts";
import { sampleTool } from "../fixtures/sample-host.ts";
import { until } from "../fixtures/until.ts";

describe("a call of the stateless era", () => {
  it("opens no session, whatever header it brings", async () => {
    await using endpoint = await openEndpoint();
    const headers = { "mcp-session-id": "nonsense", "last-event-id": "nonsense" };
    const response = await endpoint.postModern("tools/call", { name: "echo" }, { headers });
    expect([response.status, response.headers.get("mcp-session-id")]).toEqual([200, null]);
    expect(endpoint.handler.sessionCount).toBe(0);
  });

  it("names the resource that does not exist", async () => {
    await using endpoint = await openEndpoint();
    const uri = "note://missing";
    const response = await endpoint.postModern("resources/read", { uri });
    expect(await response.json()).toMatchObject({ error: { code: -32_602, data: { uri } } });
  });

  it("is answered as JSON when nothing is told, and as events without ids when something is", async () => {
    await using endpoint = await openEndpoint();
    endpoint.host.tools.add(sampleTool("teller"), (_args, { reportProgress }) => {
      reportProgress({ progress: 1 });
      return textResult("told");
    });
    const plain = await endpoint.postModern("tools/call", { name: "teller" });
    expect(plain.headers.get("content-type")).toBe("application/json");
    const params = { name: "teller", _meta: { progressToken: "t" } };
    const events = await new EventReader(await endpoint.postModern("tools/call", params)).rest();
    expect(events.map((event) => Object.keys(event))).toEqual([["data"], ["data"]]);
    const json = await endpoint.postModern("tools/call", params, {
      headers: { accept: "application/json" },
    });
    expect(await json.json()).toMatchObject({ result: { content: [{ text: "told" }] } });
  });

  it("is cancelled by closing the connection, before and while something is told", async () => {
    await using endpoint = await openEndpoint();
    const aborts: string[] = [];
    endpoint.host.tools.add(sampleTool("hang"), (_args, { signal, reportProgress }) => {
      reportProgress({ progress: 1 });
      return new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => {
          aborts.push((signal.reason as Error).name);
          reject(signal.reason as Error);
        });
      });
    });
    const silent = new AbortController();
    const call = endpoint.postModern("tools/call", { name: "hang" }, { signal: silent.signal });
    await until(() => endpoint.handler.inFlight === 1);
    silent.abort();
    await expect(call).rejects.toThrow(/abort/iu);
    await until(() => aborts.length === 1);
    const params = { name: "hang", _meta: { progressToken: 1 } };
    const reader = new EventReader(await endpoint.postModern("tools/call", params));
    await reader.message();
    await reader.cut();
    await until(() => aborts.length === 2);
    expect(aborts).toEqual(["AbortError", "AbortError"]);
    await until(() => endpoint.handler.inFlight === 0);
  });

  it("is refused when as many are in flight as there may be", async () => {
    await using endpoint = await openEndpoint({ maxInFlight: 1 });
    const release = Promise.withResolvers<void>();
    const started = Promise.withResolvers<void>();
    endpoint.host.tools.add(sampleTool("wait"), async () => {
      started.resolve();
      await release.promise;
      return textResult("waited");
    });
    const first = endpoint.postModern("tools/call", { name: "wait" });
    await started.promise;
    const second = await endpoint.postModern("tools/call", { name: "echo" });
    expect([second.status, second.headers.get("retry-after")]).toEqual([503, "5"]);
    release.resolve();
    expect((await first).status).toBe(200);
  });

  it("that answers what JSON cannot carry is an error of the server, in the log", async () => {
    const logged: string[] = [];
    const logger = {
      debug: () => undefined,
      info: () => undefined,
      warn: () => undefined,
      error: (message: string) => void logged.push(message),
      child: () => logger,
    };
    await using endpoint = await openEndpoint({ logger });
    endpoint.host.tools.add(sampleTool("big"), () => ({
      content: [],
      structuredContent: { n: 1n } as never,
    }));
    const response = await endpoint.postModern("tools/call", { name: "big" });
    expect(response.status).toBe(500);
    expect(logged).toEqual(["a request over HTTP failed unexpectedly"]);
  });
});

describe("what is listened to", () => {
  const listen = { notifications: { toolsListChanged: true, resourceSubscriptions: ["note://a"] } };

  it("begins with an acknowledgement, tells what was wanted, and is kept alive", async () => {
    const clock = createManualClock();
    await using endpoint = await openEndpoint({ clock, keepAliveMs: 1000 });
    const response = await endpoint.postModern("subscriptions/listen", listen, { id: "sub" });
    const reader = new EventReader(response);
    expect(await reader.message()).toMatchObject({
      method: "notifications/subscriptions/acknowledged",
      params: { _meta: { "io.modelcontextprotocol/subscriptionId": "sub" } },
    });
    await clock.advance(1001);
    endpoint.host.notes.tell({ kind: "resource-updated", uri: "note://b" });
    await clock.advance(0);
    endpoint.host.notes.tell({ kind: "resource-updated", uri: "note://a" });
    endpoint.host.tools.add(sampleTool("new"));
    await clock.advance(60);
    const methods = [await reader.message(), await reader.message()].map((one) => one?.["method"]);
    expect(methods).toEqual([
      "notifications/resources/updated",
      "notifications/tools/list_changed",
    ]);
    expect(reader.comments).toBe(1);
    await reader.cut();
    await until(() => endpoint.handler.inFlight === 0);
  });

  it("ends with an answer when the server drains", async () => {
    await using endpoint = await openEndpoint();
    const reader = new EventReader(await endpoint.postModern("subscriptions/listen", listen));
    await reader.message();
    await endpoint.handler.drain();
    expect(await reader.message()).toMatchObject({ id: 1, result: { resultType: "complete" } });
    expect(await reader.next()).toBeUndefined();
  });
});

describe("a client that does not read", () => {
  it("is given up when more waits for it than may", async () => {
    await using endpoint = await openEndpoint({ maxQueuedBytes: 100_000 });
    const gone = Promise.withResolvers<void>();
    endpoint.host.tools.add(sampleTool("flood"), async (_args, { signal, reportProgress }) => {
      signal.addEventListener("abort", () => gone.resolve());
      const message = "x".repeat(100_000);
      for (let progress = 1; !signal.aborted; progress += 1) {
        reportProgress({ progress, message });
        await new Promise((resolve) => setImmediate(resolve));
      }
      throw signal.reason;
    });
    const body = JSON.stringify({
      jsonrpc: "2.0",
      id: 1,
      method: "tools/call",
      params: {
        name: "flood",
        _meta: {
          progressToken: 1,
          "io.modelcontextprotocol/protocolVersion": "2026-07-28",
          "io.modelcontextprotocol/clientCapabilities": {},
        },
      },
    });
    const socket = connect({ port: endpoint.port, host: "127.0.0.1" });
    socket.on("error", () => undefined).pause();
    socket.write(
      `POST /mcp HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nMCP-Protocol-Version: 2026-07-28\r\nMcp-Method: tools/call\r\nMcp-Name: flood\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
    await gone.promise;
    await until(() => endpoint.handler.inFlight === 0);
    expect(endpoint.handler.inFlight).toBe(0);
    socket.destroy();
  });

  it("is given up when it takes nothing of a finished answer for a while", async () => {
    const clock = createManualClock();
    await using endpoint = await openEndpoint({ clock, keepAliveMs: 1000 });
    const size = 64 * 1024 * 1024;
    endpoint.host.tools.add(sampleTool("huge"), () => textResult("x".repeat(size)));
    const before = clock.pendingTimers;
    const controller = new AbortController();
    const response = await endpoint.postModern(
      "tools/call",
      { name: "huge" },
      { signal: controller.signal, headers: { "accept-encoding": "identity" } },
    );
    await until(() => endpoint.handler.inFlight === 0);
    expect(clock.pendingTimers).toBeGreaterThan(before);
    for (let round = 0; round < 50 && clock.pendingTimers > before; round += 1)
      await clock.advance(1001);
    await expect(response.text()).rejects.toThrow(/terminated/u);
  });
});
