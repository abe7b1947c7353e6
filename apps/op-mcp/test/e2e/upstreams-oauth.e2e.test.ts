import { once } from "node:events";
import { readdir, readFile, rm, stat } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { OidcHouse } from "@op-mcp/test-support/oidc-house";
import { expect, vi } from "vitest";
import { textOf } from "./clients.ts";
import { freePort } from "./free-port.ts";
import { Installation } from "./installation.ts";
import { NetworkServer } from "./network-server.ts";
import { pluginPath } from "./plugin-path.ts";
import { configure, installationWith } from "./upstream-fixtures.ts";
import { verifies } from "./verifies.ts";

const countRuns = { name: "count_runs", arguments: {} };

/** A provider, an op-mcp that lets in whom the provider vouches for, and another op-mcp that is to have it behind it. */
class Landscape implements AsyncDisposable {
  readonly house: OidcHouse;
  readonly near: Installation;
  readonly url: URL;
  readonly #stack: AsyncDisposableStack;

  private constructor(
    stack: AsyncDisposableStack,
    { house, near, url }: Pick<Landscape, "house" | "near" | "url">,
  ) {
    this.#stack = stack;
    this.house = house;
    this.near = near;
    this.url = url;
  }

  static async open(): Promise<Landscape> {
    await using stack = new AsyncDisposableStack();
    const house = stack.use(await OidcHouse.open());
    const env = { OP_MCP_PLUGINS__MODULES: pluginPath("risky") };
    const far = stack.use(await Installation.create(env));
    const oauth = {
      issuers: [{ issuer: house.issuer }],
      scopes: ["mcp.read", "mcp.write"],
      requiredScopes: ["mcp.read"],
    };
    await far.write("config/op-mcp/config.json", JSON.stringify({ auth: { oauth } }));
    await far.run(["tools"]);
    const listen = `http://127.0.0.1:${await freePort()}`;
    const { endpoint: url } = await NetworkServer.start(far, "--listen", listen);
    const near = stack.use(await installationWith({}));
    return new Landscape(stack.move(), { house, near, url });
  }

  async use(auth: object): Promise<void> {
    await configure(this.near, { far: { url: this.url.href, auth } });
  }

  /** Logs alice in. Her browser is on this machine, or on another one. */
  async logIn(browser: "here" | "elsewhere", ...more: readonly string[]): Promise<number | null> {
    const child = this.near.spawn("upstreams", "login", "far", ...more);
    const exited = once(child, "exit");
    let said = "";
    child.stderr.on("data", (chunk: Buffer) => (said += String(chunk)));
    const page = await vi.waitFor(
      () => {
        const [, found] = /\n {2}(http\S+)\n/.exec(said) ?? [];
        if (found === undefined) throw new Error(said);
        return new URL(found);
      },
      { timeout: 20_000 },
    );
    const answer = await this.house.followToCallback(page.href);
    const back = `${page.searchParams.get("redirect_uri") ?? ""}?${answer.toString()}`;
    if (browser === "elsewhere") child.stdin.write(`${back}\n`);
    else await fetch(back);
    const [code] = await exited;
    return typeof code === "number" ? code : null;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#stack.disposeAsync();
  }
}

verifies("upstreams.oauth", "with a browser here or elsewhere", async () => {
  await using landscape = await Landscape.open();
  const { near, house } = landscape;
  await landscape.use({ oauth: "person" });
  const stranger = await near.run(["upstreams", "test", "far"]);
  expect(stranger.stderr).toContain("op-mcp upstreams login far");
  expect(await landscape.logIn("here")).toBe(0);
  expect((await near.run(["call", "count_runs"])).stdout).toContain("runs: 0");
  const folder = join(near.home, "state/op-mcp/upstreams/tokens");
  for (const name of await readdir(folder)) {
    expect((await stat(join(folder, name))).mode & 0o077).toBe(0);
    expect(await readFile(join(folder, name), "utf8")).not.toMatch(/access_token|eyJ/);
  }
  const before = house.asked.length;
  expect((await near.run(["upstreams", "logout", "far"])).stdout).toContain("Logged out");
  expect(house.asked.slice(before)).toContain("/token/revocation");
  expect((await near.run(["upstreams", "test", "far"])).stderr).toContain("login far");
  expect(await landscape.logIn("elsewhere")).toBe(0);
  expect((await near.run(["upstreams", "test", "far", "--json"])).stdout).toContain('"tools"');
});

verifies(
  "upstreams.oauth",
  "with tokens under a key from elsewhere, also where it changes",
  async () => {
    await using landscape = await Landscape.open();
    const { near } = landscape;
    await landscape.use({ oauth: "person" });
    expect(await landscape.logIn("here")).toBe(0);
    const first = { OP_MCP_UPSTREAMS__TOKEN_KEY: "env:VAULT", VAULT: "first".repeat(8) };
    Object.assign(near.env, first);
    expect((await near.run(["call", "count_runs"])).stdout).toContain("runs: 0");
    await rm(join(near.home, "state/op-mcp/upstreams/tokens/key"));
    expect((await near.run(["call", "count_runs"])).stdout).toContain("runs: 0");
    Object.assign(near.env, { OP_MCP_UPSTREAMS__TOKEN_KEY: "env:NEXT", NEXT: "next".repeat(8) });
    const refused = await near.run(["call", "count_runs"]);
    expect(refused.code).not.toBe(0);
    expect(refused.stdout + refused.stderr).toContain("upstreams.oldTokenKeys");
    Object.assign(near.env, { OP_MCP_UPSTREAMS__OLD_TOKEN_KEYS: "env:VAULT" });
    expect((await near.run(["call", "count_runs"])).stdout).toContain("runs: 0");
    delete near.env["OP_MCP_UPSTREAMS__OLD_TOKEN_KEYS"];
    expect((await near.run(["call", "count_runs"])).stdout).toContain("runs: 0");
  },
);

verifies("upstreams.oauth", "with tokens under a key from systemd or from a program", async () => {
  await using landscape = await Landscape.open();
  const { near } = landscape;
  await landscape.use({ oauth: "person" });
  const path = await near.write("credentials/vault", `${"vault".repeat(8)}\n`);
  const CREDENTIALS_DIRECTORY = join(near.home, "credentials");
  Object.assign(near.env, {
    CREDENTIALS_DIRECTORY,
    OP_MCP_UPSTREAMS__TOKEN_KEY: "credential:vault",
  });
  expect(await landscape.logIn("here")).toBe(0);
  expect((await near.run(["call", "count_runs"])).stdout).toContain("runs: 0");
  // The same key, wherever it comes from.
  Object.assign(near.env, { OP_MCP_UPSTREAMS__TOKEN_KEY: `command:cat ${path}` });
  expect((await near.run(["call", "count_runs"])).stdout).toContain("runs: 0");
  expect(await readdir(join(near.home, "state/op-mcp/upstreams/tokens"))).not.toContain("key");
  Object.assign(near.env, { OP_MCP_UPSTREAMS__TOKEN_KEY: "command:false" });
  const refused = await near.run(["call", "count_runs"]);
  expect(refused.code).not.toBe(0);
  expect(refused.stdout + refused.stderr).toContain("command:false");
});

verifies("upstreams.oauth", "as the client a document says it is", async () => {
  await using landscape = await Landscape.open();
  const { near, house } = landscape;
  await landscape.use({ oauth: "person", metadataUrl: house.documentedClientId });
  const before = house.asked.length;
  expect(await landscape.logIn("here")).toBe(0);
  const asked = house.asked.slice(before);
  expect(asked.join("\n")).toContain(encodeURIComponent(house.documentedClientId));
  expect(asked).not.toContain("/reg");
  expect((await near.run(["call", "count_runs"])).stdout).toContain("runs: 0");
});

verifies("upstreams.oauth", "as a client of its own, by a secret or a signature", async () => {
  await using landscape = await Landscape.open();
  const { near, house } = landscape;
  const secret = await near.write("secret", house.clientSecret);
  const key = await near.write("key.pem", house.signingKey);
  const ways = [
    { clientId: house.clientId, clientSecret: `file:${secret}`, issuer: house.issuer },
    { clientId: house.signingClientId, privateKey: `file:${key}` },
  ];
  for (const way of ways) {
    await landscape.use({ oauth: "client", scope: "mcp.read", ...way });
    const { stdout, stderr } = await near.run(["call", "count_runs"]);
    expect(stdout, stderr).toContain("runs: 0");
    await near.run(["upstreams", "logout", "far"]);
  }
});

verifies("upstreams.oauth", "for each user, where each logs in", async () => {
  await using landscape = await Landscape.open();
  const { near } = landscape;
  await landscape.use({ oauth: "person", users: "each" });
  expect(await landscape.logIn("here")).toBe(0);
  await near.run(["tools"]);
  const network = await NetworkServer.start(near);
  const made = await near.run(["keys", "create", "bob", "--json"]);
  const { token }: { token: string } = JSON.parse(made.stdout);
  const client = new Client({ name: "e2e", version: "1" });
  const requestInit = { headers: { authorization: `Bearer ${token}` } };
  await client.connect(new StreamableHTTPClientTransport(network.endpoint, { requestInit }));
  const refused = textOf(await client.callTool(countRuns));
  const [, user = ""] = /--user '([^']+)'/.exec(refused) ?? [];
  expect(refused).toContain("ERR_UPSTREAM_LOGIN");
  expect(await landscape.logIn("here", "--user", user)).toBe(0);
  expect(textOf(await client.callTool(countRuns))).toContain("runs: 0");
  await client.close();
  expect(await network.stop()).toBe(0);
});

/** A server that remembers every header it was sent. */
async function openRecorder(): Promise<
  { readonly url: string; readonly seen: string[] } & AsyncDisposable
> {
  const seen: string[] = [];
  const results: Readonly<Record<string, object>> = {
    initialize: {
      protocolVersion: "2025-11-25",
      capabilities: { tools: {} },
      serverInfo: { name: "recorder", version: "1" },
    },
    "tools/list": {
      tools: [
        { name: "note", inputSchema: { type: "object" }, annotations: { readOnlyHint: true } },
      ],
    },
    "tools/call": { content: [{ type: "text", text: "noted" }] },
  };
  const http = createServer((req, res) => {
    let body = "";
    req.on("data", (chunk: Buffer) => (body += String(chunk)));
    req.on("end", () => {
      seen.push(JSON.stringify(req.rawHeaders) + body);
      if (req.method !== "POST") {
        res.writeHead(405).end();
        return;
      }
      const { id, method }: { id?: number; method: string } = JSON.parse(body);
      const result = results[method];
      res.setHeader("content-type", "application/json");
      if (id === undefined) res.writeHead(202).end();
      else if (result === undefined)
        res.end(JSON.stringify({ jsonrpc: "2.0", id, error: { code: -32601, message: "no" } }));
      else res.end(JSON.stringify({ jsonrpc: "2.0", id, result }));
    });
  });
  http.listen(0, "127.0.0.1");
  await once(http, "listening");
  const address = http.address();
  const port = typeof address === "object" ? address?.port : undefined;
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    seen,
    [Symbol.asyncDispose]: async () => {
      http.closeAllConnections();
      http.close();
      await once(http, "close");
    },
  };
}

verifies("upstreams.oauth", "by which a caller's own token stays here", async () => {
  await using recorder = await openRecorder();
  await using installation = await installationWith({
    far: {
      url: recorder.url,
      secretHeaders: { "x-api-key": "env:FAR_KEY" },
      auth: { token: "env:FAR_TOKEN" },
    },
  });
  Object.assign(installation.env, { FAR_KEY: "the-key", FAR_TOKEN: "the-token" });
  const network = await NetworkServer.start(installation, "--log-level", "debug");
  const client = new Client({ name: "e2e", version: "1" });
  const requestInit = { headers: { ...network.authorization, cookie: "a=b" } };
  await client.connect(new StreamableHTTPClientTransport(network.endpoint, { requestInit }));
  await vi.waitFor(
    async () =>
      expect(textOf(await client.callTool({ name: "note", arguments: {} }))).toContain("noted"),
    { timeout: 20_000 },
  );
  await client.close();
  expect(await network.stop()).toBe(0);
  const all = recorder.seen.join("\n");
  expect(all).not.toContain(network.token);
  expect(all).not.toContain("a=b");
  expect(all).toContain("Bearer the-token");
  expect(all).toContain("the-key");
  expect(network.stderr).not.toMatch(/the-token|the-key/);
});
