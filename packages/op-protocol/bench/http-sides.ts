/**
 * Serves one echo tool over HTTP until stdin ends: `ours`, or `sdk` as its documentation sets it up. Prints the port.
 */
import { randomUUID } from "node:crypto";
import { createServer, type RequestListener } from "node:http";
import { NodeStreamableHTTPServerTransport, toNodeHandler } from "@modelcontextprotocol/node";
import { createMcpHandler, Server } from "@modelcontextprotocol/server";
import { textResult, ToolNotFoundError, type ToolDescriptor, type ToolView } from "op-tools";
import { createHttpHandler } from "../src/http/index.ts";
import { createMcpServer } from "../src/index.ts";

const inputSchema = { type: "object", properties: { text: { type: "string" } } } as const;

const echo: ToolDescriptor = {
  name: "echo",
  description: "Says it again.",
  inputSchema,
  annotations: {},
  category: "bench",
  tags: [],
  source: "bench",
  risk: "read",
};

const view: ToolView = {
  size: 1,
  revision: "1",
  slice: () => [echo],
  find: (name) => (name === "echo" ? echo : undefined),
  call: (name, { text }) =>
    name === "echo"
      ? Promise.resolve(textResult(JSON.stringify(text)))
      : Promise.reject(new ToolNotFoundError(name)),
  onChanged: () => ({ [Symbol.dispose]: () => undefined }),
};

function serveOurs(): RequestListener {
  const info = { name: "ours", version: "1.0.0" };
  const server = createMcpServer({ host: { info, tools: view, resources: [], prompts: [] } });
  const mcp = createHttpHandler({ server });
  const principal = { id: "bench", scopes: [] };
  return (req, res) => void mcp.handle(req, res, { principal });
}

function createSdkServer(): Server {
  const server = new Server({ name: "sdk", version: "1.0.0" }, { capabilities: { tools: {} } });
  const { name, description } = echo;
  server.setRequestHandler("tools/list", () => ({ tools: [{ name, description, inputSchema }] }));
  server.setRequestHandler("tools/call", ({ params }) => ({
    content: [{ type: "text", text: JSON.stringify(params.arguments?.["text"]) }],
  }));
  return server;
}

function serveSdk(): RequestListener {
  const modern = toNodeHandler(createMcpHandler(createSdkServer, { legacy: "reject" }));
  const sessions = new Map<string, NodeStreamableHTTPServerTransport>();
  const openSession = async (): Promise<NodeStreamableHTTPServerTransport> => {
    const transport = new NodeStreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      // As fast as it can be: no stream where an answer is all there is.
      enableJsonResponse: true,
      onsessioninitialized: (id) => void sessions.set(id, transport),
    });
    await createSdkServer().connect(transport);
    return transport;
  };
  return (req, res) => {
    const version = req.headers["mcp-protocol-version"];
    if (version === "2026-07-28") {
      const { method = "POST", url = "/" } = req;
      void modern(Object.assign(req, { method, url }), res);
      return;
    }
    const id = req.headers["mcp-session-id"];
    const known = typeof id === "string" ? sessions.get(id) : undefined;
    const serve = async (): Promise<void> => {
      const transport = known ?? (await openSession());
      await transport.handleRequest(req, res);
    };
    void serve();
  };
}

const listener = process.argv[2] === "sdk" ? serveSdk() : serveOurs();
const http = createServer(listener);
http.listen(0, "127.0.0.1", () => {
  const address = http.address();
  process.stdout.write(`${typeof address === "object" ? address?.port : 0}\n`);
});
process.stdin.on("end", () => process.exit()).resume();
