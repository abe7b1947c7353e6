import { connect } from "node:net";
import { createManualClock } from "op-core/testing";
import { textResult } from "op-tools";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { expectRefusal } from "../fixtures/expect-refusal.ts";
import {
  exchangeBytes,
  modernRevision,
  openEndpoint,
  type Endpoint,
} from "../fixtures/http-endpoint.ts";
import { LegacyClient } from "../fixtures/legacy-client.ts";
import { until } from "../fixtures/until.ts";
import { sampleTool } from "../fixtures/sample-host.ts";

const maxBodyBytes = 64 * 1024;

let endpoint: Endpoint;
let alice: LegacyClient;

beforeAll(async () => {
  endpoint = await openEndpoint({ maxBodyBytes });
});
beforeEach(async () => {
  alice = await LegacyClient.open(endpoint);
});
afterAll(() => endpoint[Symbol.asyncDispose]());

/** A server that was attacked must still answer. */
async function expectAlive(): Promise<void> {
  const answer = await endpoint.postModern("tools/call", { name: "echo", arguments: { ok: 1 } });
  expect(await answer.text()).toContain('{\\"ok\\":1}');
}

const ping = { jsonrpc: "2.0", id: 1, method: "ping" };

describe("a body that is no message", () => {
  it.each<[string, string | Buffer, number]>([
    ["nothing", "", -32_700],
    ["blank", "   \n", -32_700],
    ["half an object", '{"jsonrpc":', -32_700],
    ["two objects", "{}{}", -32_700],
    ["a comment", "/* hi */ {}", -32_700],
    ["single quotes", "{'jsonrpc':'2.0'}", -32_700],
    ["a byte order mark", "\uFEFF{}", -32_700],
    ["NaN", "NaN", -32_700],
    ["HTML", "<html></html>", -32_700],
    ["bytes that are not UTF-8", Buffer.from([0x22, 0xc3, 0x28, 0x22]), -32_700],
    ["a lone continuation byte", Buffer.from([0x80]), -32_700],
    ["UTF-16", Buffer.from('{"jsonrpc":"2.0"}', "utf16le"), -32_700],
    ["null", "null", -32_600],
    ["a number", "42", -32_600],
    ["a string", '"ping"', -32_600],
    ["an empty object", "{}", -32_600],
    ["no version", '{"id":1,"method":"ping"}', -32_600],
    ["another version", '{"jsonrpc":"1.0","id":1,"method":"ping"}', -32_600],
    ["a method that is no string", '{"jsonrpc":"2.0","id":1,"method":7}', -32_600],
    ["an id that is null", '{"jsonrpc":"2.0","id":null,"method":"ping"}', -32_600],
    ["an id that is an object", '{"jsonrpc":"2.0","id":{},"method":"ping"}', -32_600],
    ["a fraction as id", '{"jsonrpc":"2.0","id":1.5,"method":"ping"}', -32_600],
    ["an id beyond safe integers", '{"jsonrpc":"2.0","id":1e300,"method":"ping"}', -32_600],
    ["params that are a list", '{"jsonrpc":"2.0","id":1,"method":"ping","params":[]}', -32_600],
    ["a result and no id", '{"jsonrpc":"2.0","result":{}}', -32_600],
    ["an empty batch", "[]", -32_600],
    ["a batch of nonsense", "[1,2]", -32_600],
    ["a batch of batches", "[[]]", -32_600],
  ])("is refused with 400: %s", async (_name, body, code) => {
    const response = await fetch(endpoint.url, {
      method: "POST",
      headers: { "content-type": "application/json", ...alice.headers },
      body,
    });
    await expectRefusal(response, 400, code);
  });

  it("may be nested deeper than any stack", async () => {
    const deep = `${"[".repeat(30_000)}${"]".repeat(30_000)}`;
    const response = await alice.post(
      `{"jsonrpc":"2.0","id":1,"method":"ping","params":{"a":${deep}}}`,
    );
    expect(response.status).toBe(200);
    await response.text();
    await expectAlive();
  });

  it("may name prototypes without reaching one", async () => {
    const params = '{"name":"echo","arguments":{"__proto__":{"polluted":1},"constructor":1}}';
    await alice.post(`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":${params}}`);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
    const response = await alice.post('{"jsonrpc":"2.0","id":2,"method":"__proto__"}');
    expect(await response.json()).toMatchObject({ error: { code: -32_601 } });
  });
});

describe("headers that do not fit HTTP", () => {
  it.each<[string, Record<string, string>, number]>([
    ["no JSON", { "content-type": "text/plain" }, 415],
    ["a form", { "content-type": "application/x-www-form-urlencoded" }, 415],
    ["JSON in another encoding", { "content-type": "application/json; charset=latin1" }, 415],
    ["something like JSON", { "content-type": "application/jsonp" }, 415],
    ["a compressed body", { "content-encoding": "gzip" }, 415],
    ["an answer as text only", { accept: "text/html" }, 406],
    ["no answer at all", { accept: "application/json;q=0, text/event-stream;q=0" }, 406],
    ["nothing readable", { accept: ";;;,,," }, 406],
  ])("are refused: %s", async (_name, headers, status) => {
    await expectRefusal(await alice.post(ping, headers), status, -32_600);
  });

  it.each([
    { "content-type": "application/json; charset=utf-8" },
    { "content-type": 'Application/JSON ; Charset="UTF-8"' },
    { accept: "*/*" },
    { accept: "application/*;q=0.5" },
    { accept: "text/*, application/json" },
  ])("are accepted in every spelling HTTP allows: %j", async (headers) => {
    expect((await alice.post(ping, headers)).status).toBe(200);
  });

  it.each(["PUT", "PATCH", "OPTIONS"])("with method %s", async (method) => {
    const response = await fetch(endpoint.url, { method, headers: alice.headers });
    expect(response.headers.get("allow")).toBe("POST, GET, DELETE");
    await expectRefusal(response, 405, -32_600);
  });

  it.each(["GET", "DELETE"])("with method %s in the stateless era", async (method) => {
    const headers = { ...alice.headers, "mcp-protocol-version": modernRevision };
    const response = await fetch(endpoint.url, { method, headers });
    expect(response.headers.get("allow")).toBe("POST");
    await expectRefusal(response, 405, -32_600);
  });

  it("that are more than Node takes", async () => {
    const bomb = `POST /mcp HTTP/1.1\r\nHost: x\r\nX-Bomb: ${"a".repeat(100_000)}\r\n\r\n`;
    expect(await exchangeBytes(endpoint.port, bomb)).toMatch(/^HTTP\/1\.1 431 /u);
    const many = Array.from({ length: 3000 }, (_, n) => `X-${n}: 1\r\n`).join("");
    const text = await exchangeBytes(
      endpoint.port,
      `POST /mcp HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${many}\r\n`,
    );
    expect(text).toMatch(/^HTTP\/1\.1 4\d\d /u);
    await expectAlive();
  });

  it.each([
    ["both lengths", "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"],
    ["two lengths", "Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcde"],
    ["a length that is no number", "Content-Length: 4x\r\n\r\nabcd"],
    ["a negative length", "Content-Length: -1\r\n\r\n"],
    ["a bare line feed", "X: a\nContent-Length: 2\r\n\r\n{}"],
    ["a chunk without size", "Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n"],
  ])("with which requests are smuggled: %s", async (_name, rest) => {
    const head = "POST /mcp HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";
    const text = await exchangeBytes(endpoint.port, `${head}${rest}`);
    expect(text).toMatch(/^HTTP\/1\.1 4\d\d /u);
    expect(text.match(/HTTP\/1\.1/gu)).toHaveLength(1);
  });
});

describe("a body that is too much", () => {
  const large = JSON.stringify({ ...ping, params: { padding: "x".repeat(maxBodyBytes) } });

  it("by its declared length is refused before it is read", async () => {
    const head = `POST /mcp HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000000000\r\n\r\n`;
    const text = await exchangeBytes(endpoint.port, head, (got) => got.includes("}}"));
    expect(text).toMatch(/^HTTP\/1\.1 413 /u);
  });

  it("by what arrives is refused, and the client reads why", async () => {
    await expectRefusal(await alice.post(large), 413, -32_600);
    await expectAlive();
  });

  it("in chunks without an end is cut off", async () => {
    const chunk = `10000\r\n${"x".repeat(0x10000)}\r\n`;
    const head =
      "POST /mcp HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
    const text = await exchangeBytes(endpoint.port, [
      head,
      ...Array.from({ length: 40 }, () => chunk),
    ]);
    expect(text).toMatch(/^HTTP\/1\.1 413 /u);
    await expectAlive();
  });

  it("just below the limit is served", async () => {
    const shell = JSON.stringify({ ...ping, params: { padding: "" } });
    const padding = "x".repeat(maxBodyBytes - shell.length);
    const response = await alice.post(JSON.stringify({ ...ping, params: { padding } }));
    expect(response.status).toBe(200);
  });
});

describe("a body that does not come", () => {
  it("is given up after its time", async () => {
    const clock = createManualClock();
    await using slow = await openEndpoint({ clock, bodyTimeoutMs: 1000 });
    const before = clock.pendingTimers;
    const head = `POST /mcp HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"json`;
    const got = exchangeBytes(slow.port, head, (text) => text.includes("}}"));
    await until(() => clock.pendingTimers > before);
    await clock.advance(1001);
    expect(await got).toMatch(/^HTTP\/1\.1 408 /u);
  });

  it("because the client left costs nothing", async () => {
    const socket = connect({ port: endpoint.port, host: "127.0.0.1" });
    socket.write(
      'POST /mcp HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"json',
    );
    await until(() => endpoint.handler.inFlight === 1);
    socket.destroy();
    await until(() => endpoint.handler.inFlight === 0);
    await expectAlive();
  });
});

describe("a session that is not the caller's", () => {
  it.each([
    ["unknown", "00000000-0000-4000-8000-000000000000"],
    ["empty", ""],
    ["absurd", "../../etc/passwd"],
    ["long", "x".repeat(4000)],
    ["a list", "a, b"],
    ["a prototype", "__proto__"],
  ])("is not found: %s", async (_name, id) => {
    await expectRefusal(await alice.post(ping, { "mcp-session-id": id }), 404, -32_001);
  });

  it("is not found by another principal, whatever it tries", async () => {
    const mallory = { "x-user": "mallory" };
    await expectRefusal(await alice.post(ping, mallory), 404, -32_001);
    await expectRefusal(await alice.get(mallory), 404, -32_001);
    const headers = { ...alice.headers, ...mallory };
    const response = await fetch(endpoint.url, { method: "DELETE", headers });
    await expectRefusal(response, 404, -32_001);
    expect((await alice.post(ping)).status).toBe(200);
  });

  it("is not found on another view", async () => {
    const headers = { "content-type": "application/json", ...alice.headers };
    const url = new URL("/mcp/b", endpoint.url);
    const response = await fetch(url, { method: "POST", headers, body: JSON.stringify(ping) });
    await expectRefusal(response, 404, -32_001);
  });

  it("is missing", async () => {
    await expectRefusal(await endpoint.post(ping), 400, -32_000);
  });

  it("is over", async () => {
    expect((await alice.delete()).status).toBe(204);
    await expectRefusal(await alice.post(ping), 404, -32_001);
    await expectRefusal(await alice.delete(), 404, -32_001);
    await expectRefusal(await alice.get(), 404, -32_001);
  });
});

describe("a handshake that is none", () => {
  it.each([
    ["without parameters", {}],
    ["without capabilities", { protocolVersion: "2025-11-25" }],
    ["with a version that is no string", { protocolVersion: 7, capabilities: {} }],
  ])("is refused and opens no session: %s", async (_name, params) => {
    const before = endpoint.handler.sessionCount;
    const response = await endpoint.post({ jsonrpc: "2.0", id: 1, method: "initialize", params });
    expect(response.headers.get("mcp-session-id")).toBeNull();
    await expectRefusal(response, 400, -32_602);
    expect(endpoint.handler.sessionCount).toBe(before);
  });

  it("is a new session when it comes in one", async () => {
    const params = { protocolVersion: "2025-11-25", capabilities: {} };
    const response = await alice.ask("initialize", params);
    expect(response.headers.get("mcp-session-id")).not.toBe(alice.id);
  });
});

describe("a session that is used wrongly", () => {
  it.each(["1900-01-01", "latest", "2026-07-29", " "])("by version %j", async (version) => {
    const response = await alice.post(ping, { "mcp-protocol-version": version });
    expect([400, 404]).toContain(response.status);
  });

  it("by two requests with one id", async () => {
    const release = Promise.withResolvers<void>();
    const started = Promise.withResolvers<void>();
    endpoint.host.tools.add(sampleTool("wait"), async () => {
      started.resolve();
      await release.promise;
      return textResult("waited");
    });
    const first = alice.ask("tools/call", { name: "wait" }, "same");
    await started.promise;
    await expectRefusal(await alice.ask("ping", {}, "same"), 400, -32_600);
    release.resolve();
    expect(await (await first).text()).toContain("waited");
  });

  it("by a batch in a revision that has none", async () => {
    await expectRefusal(await alice.post([ping, { ...ping, id: 2 }]), 400, -32_600);
  });

  it.each<[string, unknown[]]>([
    ["with one id twice", [ping, ping]],
    ["with a handshake", [ping, { jsonrpc: "2.0", id: 2, method: "initialize", params: {} }]],
    ["with more than anybody needs", Array.from({ length: 101 }, (_, id) => ({ ...ping, id }))],
  ])("by a batch %s", async (_name, batch) => {
    const old = await LegacyClient.open(endpoint, { revision: "2025-03-26" });
    await expectRefusal(await old.post(batch), 400, -32_600);
  });

  it.each([
    "nonsense",
    "a.b",
    "a.1.2",
    ".5",
    "a.-1",
    "a.99999999999999999999",
    `${"x".repeat(99)}.1`,
  ])("by Last-Event-ID %j", async (id) => {
    await expectRefusal(await alice.get({ "last-event-id": id }), 400, -32_600);
  });

  it("by an event of another session", async () => {
    const bob = await LegacyClient.open(endpoint, { user: "bob" });
    const listening = await bob.get();
    const [stream = ""] = new TextDecoder()
      .decode((await listening.body!.getReader().read()).value)
      .split("id: ")
      .slice(1);
    const id = stream.split("\n")[0]!;
    await expectRefusal(await alice.get({ "last-event-id": id }), 400, -32_600);
  });

  it("by listening without reading events", async () => {
    await expectRefusal(await alice.get({ accept: "application/json" }), 406, -32_600);
  });

  it("by answers nobody asked for, which change nothing", async () => {
    const response = await alice.post({ jsonrpc: "2.0", id: 99, result: {} });
    expect(response.status).toBe(202);
    const cancelled = {
      jsonrpc: "2.0",
      method: "notifications/cancelled",
      params: { requestId: {} },
    };
    expect((await alice.post(cancelled)).status).toBe(202);
  });
});
