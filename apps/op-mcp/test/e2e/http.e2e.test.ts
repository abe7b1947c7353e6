import { execFile } from "node:child_process";
import { request } from "node:http";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { Client as FirstClient } from "@modelcontextprotocol/sdk/client/index.js";
import { SSEClientTransport } from "@modelcontextprotocol/sdk/client/sse.js";
import { StreamableHTTPClientTransport as FirstHttpTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { describe, expect } from "vitest";
import { textOf } from "./clients.ts";
import { Installation } from "./installation.ts";
import { NetworkServer } from "./network-server.ts";
import { verifies } from "./verifies.ts";

const inspector = fileURLToPath(
  import.meta.resolve("@modelcontextprotocol/inspector/clients/launcher/build/index.js"),
);

const check = { name: "check_command_exists", arguments: { command: "sh" } };

/** A key made by the command line, in the installation of a server that runs. */
async function makeKey(installation: Installation, ...flags: readonly string[]) {
  const made = await installation.run(["keys", "create", "ci", "--json", ...flags]);
  expect(made.stderr).toBe("");
  const key: { readonly id: string; readonly token: string } = JSON.parse(made.stdout);
  return key;
}

/** Lists and calls with the v2 client. */
async function use(url: URL, token: string, era: "legacy" | { pin: "2026-07-28" }): Promise<void> {
  const client = new Client({ name: "e2e", version: "1" }, { versionNegotiation: { mode: era } });
  const requestInit = { headers: { authorization: `Bearer ${token}` } };
  await client.connect(new StreamableHTTPClientTransport(url, { requestInit }));
  const { tools } = await client.listTools();
  expect(tools.map(({ name }) => name)).toContain("call_tool_readonly");
  expect(textOf(await client.callTool(check))).toContain("/sh");
  await client.close();
}

describe("op-mcp over HTTP", () => {
  verifies("http.handshake", "with the v2 client", async () => {
    await using installation = await Installation.create();
    const server = await NetworkServer.start(installation);
    await use(server.endpoint, server.token, "legacy");
    const { token } = await makeKey(installation);
    await use(server.endpoint, token, "legacy");
    expect(await server.stop()).toBe(0);
  });

  verifies("http.stateless", "with the v2 client", async () => {
    await using installation = await Installation.create();
    const server = await NetworkServer.start(installation);
    await use(server.endpoint, server.token, { pin: "2026-07-28" });
    const { token } = await makeKey(installation);
    await use(server.endpoint, token, { pin: "2026-07-28" });
    expect(await server.stop()).toBe(0);
  });

  verifies("http.v1-client", "over both of its transports", async () => {
    await using installation = await Installation.create();
    const server = await NetworkServer.start(installation);
    const requestInit = { headers: server.authorization };
    const transports = [
      new FirstHttpTransport(server.endpoint, { requestInit }),
      new SSEClientTransport(new URL("/sse", server.endpoint), { requestInit }),
    ];
    for (const transport of transports) {
      const client = new FirstClient({ name: "v1", version: "1" });
      await client.connect(transport);
      expect((await client.listTools()).tools.length).toBeGreaterThan(3);
      expect(textOf(await client.callTool(check))).toContain("/sh");
      await client.close();
    }
  });

  for (const era of ["legacy", "modern", "auto"]) {
    verifies("http.inspector", `era ${era}`, async () => {
      await using installation = await Installation.create();
      const server = await NetworkServer.start(installation);
      const { token } = await makeKey(installation);
      const inspect = async (...args: readonly string[]): Promise<unknown> => {
        const common = [inspector, "--cli", server.endpoint.href, "--format", "json", "-q"];
        const header = ["--header", `Authorization: Bearer ${token}`, "--protocol-era", era];
        const { stdout } = await promisify(execFile)(
          process.execPath,
          [...common, ...header, ...args],
          { env: installation.env, cwd: installation.home },
        );
        return JSON.parse(stdout);
      };
      expect(await inspect("--method", "tools/list")).toMatchObject({
        result: {
          tools: expect.arrayContaining([expect.objectContaining({ name: "call_tool_readonly" })]),
        },
      });
      const call = ["--tool-name", check.name, "--tool-args-json", '{"command":"sh"}'];
      expect(await inspect("--method", "tools/call", ...call)).toMatchObject({
        result: { structuredContent: { exists: true } },
      });
    });
  }

  verifies("http.websocket", "with a handshake", async () => {
    await using installation = await Installation.create();
    const server = await NetworkServer.start(installation);
    const url = new URL("/ws", server.endpoint);
    url.protocol = "ws:";
    const socket = new WebSocket(url, { protocols: "mcp", headers: server.authorization });
    const answered = new Promise<string>((resolve) =>
      socket.addEventListener("message", ({ data }) => resolve(String(data))),
    );
    await new Promise((resolve) => socket.addEventListener("open", resolve));
    const clientInfo = { name: "ws", version: "1" };
    const params = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo };
    socket.send(JSON.stringify({ jsonrpc: "2.0", id: 1, method: "initialize", params }));
    expect(await answered).toContain('"name":"op-mcp"');
    const closed = new Promise((resolve) => socket.addEventListener("close", resolve));
    expect(await server.stop()).toBe(0);
    await closed;
  });

  verifies("http.unix", "for whoever runs it", async () => {
    await using installation = await Installation.create();
    const path = join(installation.home, "mcp.sock");
    await NetworkServer.start(installation, "--listen", `unix:${path}`);
    const ready = await new Promise<number>((resolve, reject) => {
      const headers = { "content-type": "application/json", accept: "application/json" };
      request({ socketPath: path, path: "/mcp", method: "POST", headers }, (res) =>
        resolve(res.resume().statusCode ?? 0),
      )
        .on("error", reject)
        .end('{"jsonrpc":"2.0","id":1,"method":"initialize","params":{}}');
    });
    // Let in, and told that this is no handshake.
    expect(ready).not.toBe(401);
  });

  verifies("http.views", "by their URLs", async () => {
    await using installation = await Installation.create();
    const profiles = { facts: { mode: "direct", context: { names: ["get_*"] } } };
    await installation.write("config/op-mcp/config.json", JSON.stringify({ serve: { profiles } }));
    const server = await NetworkServer.start(installation);
    const listed = async (path: string): Promise<readonly string[]> => {
      const client = new Client({ name: "e2e", version: "1" });
      const requestInit = { headers: server.authorization };
      const url = new URL(path, server.endpoint);
      await client.connect(new StreamableHTTPClientTransport(url, { requestInit }));
      const { tools } = await client.listTools();
      await client.close();
      return tools.map(({ name }) => name);
    };
    expect(await listed("/mcp/direct")).toContain("get_system_info");
    expect(await listed("/mcp/search")).not.toContain("get_system_info");
    expect(await listed("/mcp/facts")).toContain("get_system_info");
    expect(await listed("/mcp/facts")).not.toContain("check_command_exists");
  });

  verifies("http.local-only", "on every address", async () => {
    await using installation = await Installation.create();
    const refused = await installation.run(["serve", "--listen", "http://0.0.0.0:0"]);
    expect(refused.code).toBe(78);
    expect(refused.stderr).toContain("op-mcp keys create");
    await makeKey(installation);
    const server = await NetworkServer.start(installation, "--listen", "http://0.0.0.0:0");
    expect(await server.stop()).toBe(0);
  });

  verifies("http.keys", "from making one to its end", async () => {
    await using installation = await Installation.create();
    const server = await NetworkServer.start(installation);
    const status = async (token: string): Promise<number> => {
      const headers = { authorization: `Bearer ${token}` };
      return (await fetch(new URL("/metrics", server.endpoint), { headers })).status;
    };
    const { id, token } = await makeKey(installation, "--scope", "ops", "--expires", "90d");
    expect(await status(token)).toBe(200);
    const listed = await installation.run(["keys", "list"]);
    expect(listed.stdout).toMatch(new RegExp(`${id} +ci +ops +good`));
    expect(listed.stdout).not.toContain(token);
    const rotated = await installation.run(["keys", "rotate", id, "--overlap", "0", "--json"]);
    const { token: next }: { token: string } = JSON.parse(rotated.stdout);
    expect([await status(token), await status(next)]).toEqual([401, 200]);
    expect((await installation.run(["keys", "revoke", id])).code).toBe(0);
    expect(await status(next)).toBe(401);
    expect((await installation.run(["keys", "revoke", "nobody"])).code).toBe(65);
  });

  verifies("http.refusals", "of every kind", async () => {
    await using installation = await Installation.create();
    const server = await NetworkServer.start(installation);
    const at = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
      fetch(new URL(path, server.endpoint), { method: "POST", headers });
    expect((await at("/mcp")).status).toBe(401);
    expect((await at("/mcp", { authorization: "Bearer opmcp_local_wrong" })).status).toBe(401);
    expect((await at("/nowhere")).status).toBe(404);
    expect(
      (await at("/mcp", { ...server.authorization, origin: "https://evil.example" })).status,
    ).toBe(403);
    expect(await server.stop()).toBe(0);
    const { stdout } = await installation.run(["audit", "query", "--json"]);
    const reasons = stdout.split("\n").flatMap((line): string[] => {
      if (line === "") return [];
      const { details }: { details?: { reason?: string } } = JSON.parse(line);
      return details?.reason === undefined ? [] : [details.reason];
    });
    expect(reasons.toSorted()).toEqual(["http-403", "http-404", "invalid", "no-credential"]);
    expect(stdout).not.toContain("opmcp_local_");
  });
});
