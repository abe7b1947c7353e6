import { createManualClock } from "op-core/testing";
import { textResult } from "op-tools";
import { describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { exchangeBytes, openEndpoint, type Endpoint } from "../fixtures/http-endpoint.ts";
import { modernMeta } from "../fixtures/raw-client.ts";
import { sampleTool } from "../fixtures/sample-host.ts";
import { until } from "../fixtures/until.ts";

type Wire = Record<string, unknown>;

class SocketClient {
  readonly socket: WebSocket;
  readonly closed: Promise<number>;
  readonly #received: Wire[] = [];
  #wake: (() => void) | undefined;

  private constructor(socket: WebSocket) {
    this.socket = socket;
    this.closed = new Promise((resolve) => socket.once("close", resolve));
    socket.on("message", (data: Buffer) => {
      this.#received.push(JSON.parse(data.toString("utf8")) as Wire);
      this.#wake?.();
    });
  }

  static async open({ port }: Endpoint): Promise<SocketClient> {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`, "mcp");
    const client = new SocketClient(socket);
    await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));
    return client;
  }

  say(value: unknown): void {
    this.socket.send(typeof value === "string" ? value : JSON.stringify(value));
  }

  async next(): Promise<Wire> {
    for (;;) {
      const message = this.#received.shift();
      if (message !== undefined) return message;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}

const hello = {
  jsonrpc: "2.0",
  id: 0,
  method: "initialize",
  params: { protocolVersion: "2025-11-25", capabilities: { elicitation: {} } },
};

const upgrade = (headers: string): string =>
  `GET /ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n${headers}\r\n`;

describe("MCP over WebSocket", () => {
  it("serves both eras on one connection", async () => {
    await using endpoint = await openEndpoint();
    const client = await SocketClient.open(endpoint);
    expect(client.socket.protocol).toBe("mcp");
    client.say(hello);
    expect(await client.next()).toMatchObject({ id: 0, result: { protocolVersion: "2025-11-25" } });
    client.say({ jsonrpc: "2.0", id: 1, method: "tools/call", params: { name: "echo" } });
    expect(await client.next()).toMatchObject({ id: 1, result: { content: [{ text: "{}" }] } });
    const params = { name: "echo", _meta: modernMeta() };
    client.say({ jsonrpc: "2.0", id: 2, method: "tools/call", params });
    expect(await client.next()).toMatchObject({ id: 2, result: { resultType: "complete" } });
    client.socket.close();
    await until(() => endpoint.webSocket.connectionCount === 0);
  });

  it("asks the person in the middle of a call", async () => {
    await using endpoint = await openEndpoint();
    endpoint.host.tools.add(sampleTool("asker"), async (_args, { ask }) =>
      textResult((await ask({ key: "q", message: "Sure?", schema: { type: "object" } })).action),
    );
    const client = await SocketClient.open(endpoint);
    client.say(hello);
    await client.next();
    client.say({ jsonrpc: "2.0", id: 1, method: "tools/call", params: { name: "asker" } });
    const question = await client.next();
    client.say({ jsonrpc: "2.0", id: question["id"], result: { action: "decline" } });
    expect(await client.next()).toMatchObject({ result: { content: [{ text: "decline" }] } });
  });

  it.each([
    ["no JSON", "{", -32_700],
    ["no message", "7", -32_600],
    ["a batch", "[]", -32_600],
  ])("answers %s with an error and stays", async (_name, text, code) => {
    await using endpoint = await openEndpoint();
    const client = await SocketClient.open(endpoint);
    client.say(text);
    expect(await client.next()).toMatchObject({ error: { code } });
    client.say({ jsonrpc: "2.0", id: 1, method: "ping" });
    expect(await client.next()).toMatchObject({ id: 1 });
  });

  it("closes on bytes, on text that is none and on more than it takes, and aborts what ran", async () => {
    await using endpoint = await openEndpoint();
    const binary = await SocketClient.open(endpoint);
    binary.socket.send(Buffer.from("{}"));
    expect(await binary.closed).toBe(1003);
    const large = await SocketClient.open(endpoint);
    large.say("x".repeat(5 * 1024 * 1024));
    expect(await large.closed).toBe(1009);
    const aborted = Promise.withResolvers<void>();
    endpoint.host.tools.add(sampleTool("hang"), async (_args, { signal }) => {
      signal.addEventListener("abort", () => aborted.resolve());
      return await new Promise(() => undefined);
    });
    const leaving = await SocketClient.open(endpoint);
    const params = { name: "hang", _meta: modernMeta() };
    leaving.say({ jsonrpc: "2.0", id: 1, method: "tools/call", params });
    leaving.say({ jsonrpc: "2.0", id: 2, method: "ping" });
    await leaving.next();
    leaving.socket.terminate();
    await aborted.promise;
    await until(() => endpoint.webSocket.connectionCount === 0);
  });

  it.each([
    ["without the subprotocol", "", "400"],
    ["with another subprotocol", "Sec-WebSocket-Protocol: chat, mcp2\r\n", "400"],
  ])("refuses a client %s", async (_name, headers, status) => {
    await using endpoint = await openEndpoint();
    const text = await exchangeBytes(endpoint.port, upgrade(headers));
    expect(text).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `, "u"));
  });

  it("refuses a handshake that is broken", async () => {
    await using endpoint = await openEndpoint();
    const broken = upgrade("Sec-WebSocket-Protocol: mcp\r\n").replace("dGhl", "bad!");
    expect(await exchangeBytes(endpoint.port, broken)).toMatch(/^HTTP\/1\.1 400 /u);
  });

  it("gives up a client that answers no ping", async () => {
    const clock = createManualClock();
    await using endpoint = await openEndpoint({ clock });
    const client = await SocketClient.open(endpoint);
    await until(() => endpoint.webSocket.connectionCount === 1);
    client.socket.pause();
    await clock.advance(15_001);
    await clock.advance(15_001);
    await until(() => endpoint.webSocket.connectionCount === 0);
    client.socket.resume();
    expect(await client.closed).toBe(1006);
  });

  it("drains: finishes, says goodbye, and lets nobody in", async () => {
    await using endpoint = await openEndpoint();
    const release = Promise.withResolvers<void>();
    endpoint.host.tools.add(sampleTool("wait"), async () => {
      await release.promise;
      return textResult("waited");
    });
    const client = await SocketClient.open(endpoint);
    const params = { name: "wait", _meta: modernMeta() };
    client.say({ jsonrpc: "2.0", id: 1, method: "tools/call", params });
    client.say({ jsonrpc: "2.0", id: 2, method: "ping" });
    await client.next();
    const drained = endpoint.webSocket.drain();
    const late = upgrade("Sec-WebSocket-Protocol: mcp\r\n");
    expect(await exchangeBytes(endpoint.port, late)).toMatch(/^HTTP\/1\.1 503 /u);
    release.resolve();
    expect(await client.next()).toMatchObject({ result: { content: [{ text: "waited" }] } });
    await drained;
    expect(await client.closed).toBe(1001);
  });
});
