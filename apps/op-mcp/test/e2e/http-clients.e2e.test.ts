import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { Client as FirstClient } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as FirstTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type { OidcHouse } from "@op-mcp/test-support/oidc-house";
import { describe, expect } from "vitest";
import { textOf } from "./clients.ts";
import { freePort } from "./free-port.ts";
import { SignIn } from "./oauth-client.ts";
import { OAuthServer } from "./oauth-server.ts";
import { verifies } from "./verifies.ts";

const inspector = fileURLToPath(
  import.meta.resolve("@modelcontextprotocol/inspector/clients/launcher/build/index.js"),
);
const remote = fileURLToPath(import.meta.resolve("mcp-remote/dist/proxy.js"));

const countRuns = { name: "count_runs", arguments: {} };

/** Lists and calls by one client, with the key or, without one, as a person who signs in at the issuer. */
type Use = (server: OAuthServer, key: string | undefined) => Promise<void>;

/** The person in front of a program that names a page: signs in there, and goes where the issuer leads. */
function signInAtPages(output: Readable, house: OidcHouse): void {
  createInterface({ input: output }).on("line", (line) => {
    const [page] = /http:\/\/\S+\/auth\?\S+/u.exec(line) ?? [];
    if (page !== undefined) void signIn(new URL(page), house);
  });
}

async function signIn(page: URL, house: OidcHouse): Promise<void> {
  const back = new URL(page.searchParams.get("redirect_uri") ?? "");
  for (const [name, value] of await house.followToCallback(page.href)) {
    back.searchParams.set(name, value);
  }
  await fetch(back);
}

/** Lists and calls with a client of the SDK, of either version, that is connected. */
async function listAndCall(client: Pick<Client | FirstClient, "listTools" | "callTool" | "close">) {
  expect(textOf(await client.listTools())).toContain("count_runs");
  expect(textOf(await client.callTool(countRuns))).toContain("runs: 0");
  await client.close();
}

const withSecondClient: Use = async ({ url, house }, key) => {
  const client = new Client({ name: "e2e", version: "2" });
  const headers = { authorization: `Bearer ${key}` };
  if (key === undefined) await new SignIn(house).connect(client, url);
  else await client.connect(new StreamableHTTPClientTransport(url, { requestInit: { headers } }));
  await listAndCall(client);
};

const withFirstClient: Use = async ({ url, house }, key) => {
  const client = new FirstClient({ name: "e2e", version: "1" });
  if (key !== undefined) {
    const headers = { authorization: `Bearer ${key}` };
    await client.connect(new FirstTransport(url, { requestInit: { headers } }));
  } else {
    const authProvider = new SignIn(house);
    const first = new FirstTransport(url, { authProvider });
    await expect(client.connect(first)).rejects.toThrow("Unauthorized");
    const [page] = authProvider.visits;
    const { code = "" } = Object.fromEntries(await house.followToCallback(page?.href ?? ""));
    await first.finishAuth(code);
    await client.connect(new FirstTransport(url, { authProvider }));
  }
  await listAndCall(client);
};

/** The bridge takes a key in a header, or signs in by itself, as a program that is registered with the issuer. */
const withRemote: Use = async ({ url, house, installation }, key) => {
  const port = String(await freePort());
  const who = JSON.stringify({ client_id: house.publicClientId });
  const own = ["--host", "127.0.0.1", "--callback-path", "/callback"];
  const transport = new StdioClientTransport({
    command: process.execPath,
    args:
      key === undefined
        ? [remote, url.href, port, ...own, "--static-oauth-client-info", who]
        : [remote, url.href, "--header", "Authorization:${AUTHORIZATION}"],
    env: {
      PATH: process.env["PATH"] ?? "",
      HOME: installation.home,
      AUTHORIZATION: `Bearer ${key}`,
      BROWSER: "true",
    },
    stderr: "pipe",
  });
  if (transport.stderr !== null) signInAtPages(transport.stderr as Readable, house);
  const client = new Client({ name: "e2e", version: "2" });
  await client.connect(transport);
  await listAndCall(client);
};

/** The inspector's command line keeps what it signed in with for its next run. */
function withInspector(era: "legacy" | "modern"): Use {
  return async ({ url, house, installation }, key) => {
    const callback = `http://127.0.0.1:${await freePort()}/callback`;
    const credential =
      key === undefined
        ? ["--client-id", house.publicClientId, "--callback-url", callback]
        : ["--header", `Authorization: Bearer ${key}`];
    const inspect = async (...request: readonly string[]): Promise<unknown> => {
      const common = [inspector, "--cli", url.href, "--format", "json", "--protocol-era", era];
      const child = spawn(process.execPath, [...common, ...credential, ...request], {
        cwd: installation.home,
        env: {
          ...installation.env,
          BROWSER: "true",
          MCP_AUTO_OPEN_ENABLED: "true",
          MCP_INSPECTOR_SECRET_STORE: "file",
        },
        stdio: ["ignore", "pipe", "pipe"],
      });
      signInAtPages(child.stderr, house);
      const [printed] = await Promise.all([text(child.stdout), once(child, "exit")]);
      return JSON.parse(printed);
    };
    expect(textOf(await inspect("--method", "tools/list"))).toContain("count_runs");
    const call = ["--tool-name", countRuns.name, "--tool-args-json", "{}"];
    expect(textOf(await inspect("--method", "tools/call", ...call))).toContain("runs: 0");
  };
}

const clients: readonly (readonly [string, Use])[] = [
  ["the inspector in the handshake era", withInspector("legacy")],
  ["the inspector in the stateless era", withInspector("modern")],
  ["the v1 client", withFirstClient],
  ["the v2 client", withSecondClient],
  ["mcp-remote", withRemote],
];

describe.each(clients)("%s over HTTP", (name, use) => {
  verifies("http.clients", `${name}, with a key`, async () => {
    await using server = await OAuthServer.start();
    const made = await server.installation.run(["keys", "create", "ci", "--json"]);
    const { id, token }: { id: string; token: string } = JSON.parse(made.stdout);
    await use(server, token);
    expect(await server.callers()).toEqual([`key:${id}`]);
  });

  verifies("http.clients", `${name}, with OAuth`, async () => {
    await using server = await OAuthServer.start();
    await use(server, undefined);
    expect(await server.callers()).toEqual(["oauth:sub=alice"]);
  });
});
