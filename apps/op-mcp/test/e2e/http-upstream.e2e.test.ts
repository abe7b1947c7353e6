import { createServer, request, type Server } from "node:http";
import { expect } from "vitest";
import { modernRequest } from "../hosting/fixtures/hosted.ts";
import { Collector } from "./collector.ts";
import { Installation } from "./installation.ts";
import { NetworkServer } from "./network-server.ts";
import { configure } from "./upstream-fixtures.ts";
import { verifies } from "./verifies.ts";

const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
const traceparent = `00-${traceId}-00f067aa0ba902b7-01`;

/** Stands in front of a server, and keeps everything that comes by. */
class Passage implements AsyncDisposable {
  readonly seen: string[] = [];
  readonly #server: Server;

  private constructor(target: URL) {
    this.#server = createServer((req, res) => {
      const { method = "GET", headers, url = "/" } = req;
      this.seen.push(JSON.stringify(headers));
      const host = { ...headers, host: target.host };
      const onward = request(new URL(url, target), { method, headers: host }, (answer) => {
        res.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(res);
      });
      onward.on("error", () => res.destroy());
      req.on("data", (chunk: Buffer) => this.seen.push(chunk.toString()));
      req.pipe(onward);
    });
  }

  static async open(target: URL): Promise<Passage> {
    const passage = new Passage(target);
    await new Promise<void>((resolve) => passage.#server.listen(0, "127.0.0.1", resolve));
    return passage;
  }

  get url(): string {
    const address = this.#server.address();
    return `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}/mcp`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

verifies("http.upstream", "of which another op-mcp is one", async () => {
  await using collector = await Collector.open();
  const env = {
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
    MCP_AGENT_DISCOVERY: "false",
  };
  await using far = await Installation.create({ ...env, OP_MCP_DISCLOSURE__MODE: "direct" });
  const behind = await NetworkServer.start(far);
  await using passage = await Passage.open(behind.endpoint);
  await using near = await Installation.create(env);
  const server = { url: passage.url, headers: behind.authorization, prefix: "far" };
  await configure(near, { far: server });
  const front = await NetworkServer.start(near);
  const name = "far_check_command_exists";
  const params = { name, arguments: { command: "sh" } };
  const call = async (): Promise<string> => {
    const { headers, body } = modernRequest("tools/call", params);
    const all = { ...headers, ...front.authorization, traceparent };
    const answer = await fetch(front.endpoint, { method: "POST", body, headers: all });
    return await answer.text();
  };
  await expect.poll(call, { timeout: 30_000 }).toContain("/sh");
  expect(await front.stop()).toBe(0);
  expect(await behind.stop()).toBe(0);
  const everything = passage.seen.join("\n");
  expect(everything).toContain(behind.token);
  expect(everything).not.toContain(front.token);
  const spans = collector.spans().filter((span) => span.traceId === traceId);
  const hop = spans.find((span) => span.kind === 3 && span.name === `tools/call ${name}`);
  const above = spans.find(({ spanId }) => spanId === hop?.parentSpanId);
  expect(above?.name).toBe(`execute_tool ${name}`);
  const below = spans.find((span) => span.name === "tools/call check_command_exists");
  expect(below).toMatchObject({ kind: 2, parentSpanId: hop?.spanId });
});
