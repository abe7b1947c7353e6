import { textResult } from "op-tools";
import { describe, expect, it } from "vitest";
import { EventReader } from "../fixtures/event-reader.ts";
import { openEndpoint, type Endpoint } from "../fixtures/http-endpoint.ts";
import { sampleTool } from "../fixtures/sample-host.ts";
import { until } from "../fixtures/until.ts";

async function connect({ url }: Endpoint, user = "alice") {
  const headers = { accept: "text/event-stream", "x-user": user };
  const reader = new EventReader(await fetch(new URL("/sse", url), { headers }));
  const { event, data = "" } = (await reader.next()) ?? {};
  expect(event).toBe("endpoint");
  return {
    reader,
    say: (body: unknown, as = user) =>
      fetch(new URL(data, url), {
        method: "POST",
        headers: { "content-type": "application/json", "x-user": as },
        body: typeof body === "string" ? body : JSON.stringify(body),
      }),
  };
}

const ping = { jsonrpc: "2.0", id: 1, method: "ping" };

describe("HTTP+SSE", () => {
  it("takes messages by POST and answers on the stream", async () => {
    await using endpoint = await openEndpoint();
    const { reader, say } = await connect(endpoint);
    const response = await say(ping);
    expect([response.status, await response.text()]).toEqual([202, ""]);
    expect(await reader.next()).toEqual({
      event: "message",
      data: '{"jsonrpc":"2.0","id":1,"result":{}}',
    });
  });

  it.each([
    ["no JSON", "{", 400],
    ["no message", "{}", 400],
    ["too much", `"${"x".repeat(5 * 1024 * 1024)}"`, 413],
  ])("refuses %s", async (_name, body, status) => {
    await using endpoint = await openEndpoint();
    const { say } = await connect(endpoint);
    expect((await say(body)).status).toBe(status);
  });

  it("belongs to who opened it, and ends with its connection", async () => {
    await using endpoint = await openEndpoint();
    const { reader, say } = await connect(endpoint);
    expect((await say(ping, "mallory")).status).toBe(404);
    const unknown = new URL("/sse?sessionId=nonsense", endpoint.url);
    const headers = { "content-type": "application/json" };
    const body = JSON.stringify(ping);
    expect((await fetch(unknown, { method: "POST", headers, body })).status).toBe(404);
    await reader.cut();
    await until(() => endpoint.sse.connectionCount === 0);
    expect((await say(ping)).status).toBe(404);
  });

  it("is refused where the client reads no events, and in other methods", async () => {
    await using endpoint = await openEndpoint();
    const url = new URL("/sse", endpoint.url);
    expect((await fetch(url, { headers: { accept: "text/html" } })).status).toBe(406);
    expect((await fetch(url, { method: "DELETE" })).status).toBe(405);
  });

  it("drains: finishes what it began and refuses the rest", async () => {
    await using endpoint = await openEndpoint();
    const release = Promise.withResolvers<void>();
    endpoint.host.tools.add(sampleTool("wait"), async () => {
      await release.promise;
      return textResult("waited");
    });
    const { reader, say } = await connect(endpoint);
    const params = { protocolVersion: "2024-11-05", capabilities: {} };
    await say({ jsonrpc: "2.0", id: 0, method: "initialize", params });
    await reader.message();
    await say({ jsonrpc: "2.0", id: 2, method: "tools/call", params: { name: "wait" } });
    const drained = endpoint.sse.drain();
    expect((await say(ping)).status).toBe(503);
    expect((await fetch(new URL("/sse", endpoint.url))).status).toBe(503);
    release.resolve();
    expect(await reader.message()).toMatchObject({ id: 2 });
    await drained;
    expect(await reader.next()).toBeUndefined();
  });
});
