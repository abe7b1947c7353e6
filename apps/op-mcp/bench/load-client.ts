import { Agent, request, type IncomingMessage } from "node:http";

/** What came of the load so far. */
export interface LoadFigures {
  readonly calls: number;
  readonly errors: number;
  readonly durations: readonly number[];
  /** Sessions whose stream is still open. */
  readonly listening: number;
}

/** Many clients of the handshake era in one. */
export interface LoadClient {
  /** Opens sessions, each with a stream it listens on. */
  openSessions(count: number): Promise<void>;
  /** Calls a tool in a session, and counts. */
  call(session: number): Promise<void>;
  figures(): LoadFigures;
  close(): void;
}

interface LoadClientOptions {
  readonly url: URL;
  readonly token: string;
  /** How many connections carry the calls. */
  readonly connections: number;
}

const revision = "2025-11-25";
const openedAtOnce = 50;
const call = { name: "check_command_exists", arguments: { command: "sh" } };

interface Answer {
  readonly res: IncomingMessage;
  readonly text: string;
}

class HttpLoadClient implements LoadClient {
  readonly #url: URL;
  readonly #base: Readonly<Record<string, string>>;
  readonly #calls: Agent;
  readonly #streams = new Agent({ keepAlive: true });
  readonly #sessions: string[] = [];
  readonly #durations: number[] = [];
  readonly #open = new Set<IncomingMessage>();
  #errors = 0;

  constructor({ url, token, connections }: LoadClientOptions) {
    this.#url = url;
    this.#base = {
      authorization: `Bearer ${token}`,
      accept: "application/json, text/event-stream",
    };
    this.#calls = new Agent({ keepAlive: true, maxSockets: connections });
  }

  async openSessions(count: number): Promise<void> {
    for (let opened = 0; opened < count; opened += openedAtOnce) {
      const batch = Math.min(openedAtOnce, count - opened);
      await Promise.all(Array.from({ length: batch }, () => this.#openSession()));
    }
  }

  async call(session: number): Promise<void> {
    const began = performance.now();
    const id = this.#durations.length + this.#errors + 1;
    try {
      const body = { jsonrpc: "2.0", id, method: "tools/call", params: call };
      const { text } = await this.#send(body, sessionHeaders(this.#sessions[session] ?? ""));
      if (text.includes('"exists":true')) this.#durations.push(performance.now() - began);
      else this.#errors += 1;
    } catch {
      this.#errors += 1;
    }
  }

  figures(): LoadFigures {
    const durations = this.#durations;
    return { calls: durations.length, errors: this.#errors, durations, listening: this.#open.size };
  }

  close(): void {
    this.#calls.destroy();
    this.#streams.destroy();
  }

  async #openSession(): Promise<void> {
    const clientInfo = { name: "load", version: "1" };
    const params = { protocolVersion: revision, capabilities: {}, clientInfo };
    const hello = await this.#send({ jsonrpc: "2.0", id: 0, method: "initialize", params }, {});
    const id = String(hello.res.headers["mcp-session-id"]);
    const headers = sessionHeaders(id);
    await this.#send({ jsonrpc: "2.0", method: "notifications/initialized" }, headers);
    await this.#listen(headers);
    this.#sessions.push(id);
  }

  #listen(headers: Readonly<Record<string, string>>): Promise<void> {
    const options = { agent: this.#streams, headers: { ...this.#base, ...headers } };
    return new Promise<void>((resolve, reject) => {
      request(this.#url, options, (res) => {
        this.#open.add(res);
        res.on("close", () => this.#open.delete(res)).on("error", () => undefined);
        res.resume();
        resolve();
      })
        .on("error", reject)
        .end();
    });
  }

  #send(body: object, headers: Readonly<Record<string, string>>): Promise<Answer> {
    const all = { ...this.#base, "content-type": "application/json", ...headers };
    const options = { method: "POST", agent: this.#calls, headers: all };
    return new Promise((resolve, reject) => {
      request(this.#url, options, (res) => {
        const chunks: Buffer[] = [];
        res.on("data", (chunk: Buffer) => void chunks.push(chunk));
        res.on("error", reject);
        res.on("end", () => resolve({ res, text: Buffer.concat(chunks).toString() }));
      })
        .on("error", reject)
        .end(JSON.stringify(body));
    });
  }
}

function sessionHeaders(id: string): Readonly<Record<string, string>> {
  return { "mcp-session-id": id, "mcp-protocol-version": revision };
}

/** Makes the clients; they connect when they are used. */
export function createLoadClient(options: LoadClientOptions): LoadClient {
  return new HttpLoadClient(options);
}
