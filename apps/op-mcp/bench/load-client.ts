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

/** Makes the clients; they connect when they are used. */
export function createLoadClient({ url, token, connections }: LoadClientOptions): LoadClient {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const streams = new Agent({ keepAlive: true });
  const sessions: string[] = [];
  const durations: number[] = [];
  const open = new Set<IncomingMessage>();
  let errors = 0;
  const base = { authorization: `Bearer ${token}`, accept: "application/json, text/event-stream" };

  const send = (body: object, headers: Record<string, string>): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const all = { ...base, "content-type": "application/json", ...headers };
      request(url, { method: "POST", agent, headers: all }, (res) => {
        const chunks: Buffer[] = [];
        res.on("data", (chunk: Buffer) => void chunks.push(chunk));
        res.on("error", reject);
        res.on("end", () => resolve({ res, text: Buffer.concat(chunks).toString() }));
      })
        .on("error", reject)
        .end(JSON.stringify(body));
    });

  const openSession = async (): Promise<void> => {
    const clientInfo = { name: "load", version: "1" };
    const params = { protocolVersion: revision, capabilities: {}, clientInfo };
    const hello = await send({ jsonrpc: "2.0", id: 0, method: "initialize", params }, {});
    const id = String(hello.res.headers["mcp-session-id"]);
    const headers = { "mcp-session-id": id, "mcp-protocol-version": revision };
    await send({ jsonrpc: "2.0", method: "notifications/initialized" }, headers);
    await new Promise<void>((resolve, reject) => {
      request(url, { agent: streams, headers: { ...base, ...headers } }, (res) => {
        open.add(res);
        res.on("close", () => open.delete(res)).on("error", () => undefined);
        res.resume();
        resolve();
      })
        .on("error", reject)
        .end();
    });
    sessions.push(id);
  };

  return {
    openSessions: async (count) => {
      for (let opened = 0; opened < count; opened += openedAtOnce) {
        const batch = Math.min(openedAtOnce, count - opened);
        await Promise.all(Array.from({ length: batch }, openSession));
      }
    },
    call: async (session) => {
      const began = performance.now();
      const headers = {
        "mcp-session-id": sessions[session] ?? "",
        "mcp-protocol-version": revision,
      };
      const id = durations.length + errors + 1;
      try {
        const body = { jsonrpc: "2.0", id, method: "tools/call", params: call };
        const { text } = await send(body, headers);
        if (text.includes('"exists":true')) durations.push(performance.now() - began);
        else errors += 1;
      } catch {
        errors += 1;
      }
    },
    figures: () => ({ calls: durations.length, errors, durations, listening: open.size }),
    close: () => {
      agent.destroy();
      streams.destroy();
    },
  };
}

interface Answer {
  readonly res: IncomingMessage;
  readonly text: string;
}
