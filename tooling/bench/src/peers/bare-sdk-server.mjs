// The least an SDK v2 server can be: the low-level server, one tool, standard streams.
import { Server } from "@modelcontextprotocol/server";
import { serveStdio } from "@modelcontextprotocol/server/stdio";

serveStdio(() => {
  const server = new Server({ name: "bare", version: "1.0.0" }, { capabilities: { tools: {} } });
  server.setRequestHandler("tools/list", () => ({
    tools: [
      { name: "echo", description: "Echoes its arguments.", inputSchema: { type: "object" } },
    ],
  }));
  server.setRequestHandler("tools/call", (request) => ({
    content: [{ type: "text", text: JSON.stringify(request.params.arguments ?? {}) }],
  }));
  return server;
});
