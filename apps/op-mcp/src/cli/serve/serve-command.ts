import type { CommandSpec } from "../command.ts";

/** `op-mcp serve`. */
export const serveCommand: CommandSpec = {
  name: "serve",
  summary: "Serve MCP over HTTP, WebSocket and Unix sockets",
  positionals: [],
  flags: [
    {
      name: "listen",
      value: "URL",
      isRepeatable: true,
      summary: "Listen here instead, as in http://127.0.0.1:8080 or unix:/run/op-mcp/mcp.sock",
    },
  ],
  examples: [
    "op-mcp serve",
    "op-mcp serve --listen https://0.0.0.0:8443 --listen unix:/run/mcp.sock",
  ],
  load: async () => (await import("../commands/serve.ts")).runServe,
};
