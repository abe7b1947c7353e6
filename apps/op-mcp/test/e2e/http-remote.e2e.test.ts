import { fileURLToPath } from "node:url";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { describe, expect } from "vitest";
import { eras, textOf } from "./clients.ts";
import { Installation } from "./installation.ts";
import { NetworkServer } from "./network-server.ts";
import { verifies } from "./verifies.ts";

const remote = fileURLToPath(import.meta.resolve("mcp-remote/dist/proxy.js"));
const check = { name: "check_command_exists", arguments: { command: "sh" } };

/** What a client that only knows stdio needs to spawn the bridge, as its configuration says it. */
function bridge(installation: Installation, url: URL, token: string) {
  const args = [remote, url.href, "--header", "Authorization:${AUTHORIZATION}"];
  const env = { PATH: process.env["PATH"] ?? "", HOME: installation.home };
  return {
    command: process.execPath,
    args,
    env: { ...env, AUTHORIZATION: `Bearer ${token}` },
    stderr: "ignore" as const,
  };
}

describe.each(eras)("in %s", (name, mode) => {
  verifies("http.remote", `for a client of ${name}`, async () => {
    await using installation = await Installation.create();
    const server = await NetworkServer.start(installation);
    const made = await installation.run(["keys", "create", "bridge", "--json"]);
    const key: { readonly token: string } = JSON.parse(made.stdout);
    for (const token of [server.token, key.token]) {
      const client = new Client({ name: "e2e", version: "1" }, { versionNegotiation: { mode } });
      await client.connect(new StdioClientTransport(bridge(installation, server.endpoint, token)));
      expect(textOf(await client.listTools())).toContain("call_tool_readonly");
      expect(textOf(await client.callTool(check))).toContain("/sh");
      await client.close();
    }
    expect(await server.stop()).toBe(0);
  });
});
