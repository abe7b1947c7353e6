import { connect, type Socket } from "node:net";

/** What a load measures. */
export interface Load {
  readonly perSecond: number;
  readonly p50Ms: number;
  /** Answers that were not what they should be. */
  readonly errors: number;
}

/** One connection that asks again as soon as it is answered. */
class Asker {
  readonly samples: number[] = [];
  errors = 0;
  readonly #socket: Socket;
  readonly #request: string;
  #received = "";
  #began = 0;
  #stopped: (() => void) | undefined;

  constructor(port: number, request: string) {
    this.#request = request;
    this.#socket = connect({ port, host: "127.0.0.1", noDelay: true });
    this.#socket.setEncoding("utf8").on("data", (text: string) => this.#take(text));
  }

  ask(): void {
    this.#began = performance.now();
    this.#socket.write(this.#request);
  }

  stop(): Promise<void> {
    return new Promise((resolve) => {
      this.#stopped = resolve;
    });
  }

  #take(text: string): void {
    this.#received += text;
    const headEnd = this.#received.indexOf("\r\n\r\n");
    if (headEnd < 0 || !this.#isComplete(headEnd + 4)) return;
    this.samples.push(performance.now() - this.#began);
    if (!this.#received.includes('\\"hello\\"')) this.errors += 1;
    this.#received = "";
    if (this.#stopped === undefined) this.ask();
    else {
      this.#socket.destroy();
      this.#stopped();
    }
  }

  #isComplete(bodyStart: number): boolean {
    const length = /content-length: (?<n>\d+)/iu.exec(this.#received)?.groups?.["n"];
    if (length === undefined) return this.#received.endsWith("0\r\n\r\n");
    return this.#received.length >= bodyStart + Number(length);
  }
}

function toRequest(headers: Readonly<Record<string, string>>, body: string): string {
  const lines = Object.entries({
    Host: "127.0.0.1",
    "Content-Type": "application/json",
    Accept: "application/json, text/event-stream",
    "Content-Length": String(Buffer.byteLength(body)),
    ...headers,
  }).map(([name, value]) => `${name}: ${value}`);
  return `POST /mcp HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n${body}`;
}

const call = { name: "echo", arguments: { text: "hello" } };

/** A call of the stateless era. */
export function modernRequest(): string {
  const _meta = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientInfo": { name: "bench", version: "1" },
    "io.modelcontextprotocol/clientCapabilities": {},
  };
  const params = { ...call, _meta };
  return toRequest(
    { "MCP-Protocol-Version": "2026-07-28", "Mcp-Method": "tools/call", "Mcp-Name": "echo" },
    JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params }),
  );
}

/** A call in a session of its own. */
export async function legacyRequest(port: number, id: number): Promise<string> {
  const url = `http://127.0.0.1:${port}/mcp`;
  const base = {
    "Content-Type": "application/json",
    Accept: "application/json, text/event-stream",
  };
  const clientInfo = { name: "bench", version: "1" };
  const params = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo };
  const hello = JSON.stringify({ jsonrpc: "2.0", id: 0, method: "initialize", params });
  const opened = await fetch(url, { method: "POST", headers: base, body: hello });
  await opened.text();
  const headers = {
    "Mcp-Session-Id": opened.headers.get("mcp-session-id") ?? "",
    "MCP-Protocol-Version": "2025-11-25",
  };
  const ready = JSON.stringify({ jsonrpc: "2.0", method: "notifications/initialized" });
  await fetch(url, { method: "POST", headers: { ...base, ...headers }, body: ready });
  return toRequest(
    headers,
    JSON.stringify({ jsonrpc: "2.0", id, method: "tools/call", params: call }),
  );
}

/** Asks on as many connections as there are requests, each as fast as it is answered. */
export async function measureLoad(
  port: number,
  requests: readonly string[],
  ms: number,
): Promise<Load> {
  const askers = requests.map((request) => new Asker(port, request));
  const began = performance.now();
  for (const asker of askers) asker.ask();
  await new Promise((resolve) => setTimeout(resolve, ms));
  await Promise.all(askers.map((asker) => asker.stop()));
  const elapsedMs = performance.now() - began;
  const samples = askers.flatMap((asker) => asker.samples).toSorted((a, b) => a - b);
  return {
    perSecond: (samples.length / elapsedMs) * 1000,
    p50Ms: samples[Math.floor(samples.length / 2)] ?? Number.NaN,
    errors: askers.reduce((sum, { errors }) => sum + errors, 0),
  };
}
