import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { describe, expect } from "vitest";
import { otherResource } from "@op-mcp/test-support/oidc-house";
import { eras, textOf } from "./clients.ts";
import { SignIn } from "./oauth-client.ts";
import { OAuthServer } from "./oauth-server.ts";
import { verifies } from "./verifies.ts";

const countRuns = { name: "count_runs", arguments: {} };
const rename = { name: "rename_disk", arguments: { device: "sda", label: "root" } };

/** What a request with this token is told. */
async function answerTo(url: URL, token?: string) {
  const headers: Record<string, string> =
    token === undefined ? {} : { authorization: `Bearer ${token}` };
  const response = await fetch(url, { method: "POST", headers });
  await response.body?.cancel();
  return { status: response.status, challenge: response.headers.get("www-authenticate") ?? "" };
}

describe.each(eras)("in %s", (name, mode) => {
  verifies("http.oauth", `with the v2 client's own code, ${name}`, async () => {
    await using server = await OAuthServer.start();
    const client = new Client({ name: "e2e", version: "1" }, { versionNegotiation: { mode } });
    const signIn = new SignIn(server.house);
    await signIn.connect(client, server.url);
    expect(textOf(await client.listTools())).toContain("count_runs");
    expect(textOf(await client.callTool(countRuns))).toContain("runs: 0");
    await client.close();
    const [visit] = signIn.visits;
    expect(Object.fromEntries(visit?.searchParams ?? [])).toMatchObject({
      resource: server.url.href,
      code_challenge_method: "S256",
      scope: "mcp.read",
    });
    expect(await server.network.stop()).toBe(0);
    const { stdout } = await server.installation.run(["audit", "query", "--json"]);
    expect(stdout).toContain('"oauth:sub=alice"');
  });

  verifies("http.oauth-scopes", `by which a reader cannot write, ${name}`, async () => {
    await using server = await OAuthServer.start();
    const renamed = async (scope: string): Promise<string> => {
      const client = new Client({ name: "e2e", version: "1" }, { versionNegotiation: { mode } });
      const headers = { authorization: `Bearer ${await server.tokenFor(scope)}` };
      const transport = new StreamableHTTPClientTransport(server.url, { requestInit: { headers } });
      await client.connect(transport);
      const result = await client.callTool(rename).then(textOf, String);
      await client.close();
      return result;
    };
    expect(await renamed("mcp.read")).toMatch(/403|mcp\.write|insufficient/iu);
    expect(await renamed("mcp.read mcp.write")).toContain("sda is now root");
    expect(await server.network.stop()).toBe(0);
    const { stdout } = await server.installation.run(["audit", "query", "--json"]);
    expect(stdout).toContain("ERR_POLICY_DENIED");
    expect(stdout).toContain('"http-403"');
  });

  verifies("http.oauth-step-up", `from another scope, ${name}`, async () => {
    await using server = await OAuthServer.start();
    const { house } = server;
    const client = new Client({ name: "e2e", version: "1" }, { versionNegotiation: { mode } });
    const access_token = await server.tokenFor("mcp.write");
    const token = { access_token, token_type: "Bearer", scope: "mcp.write", issuer: house.issuer };
    const signIn = new SignIn(house, token);
    await signIn.connect(client, server.url);
    expect(textOf(await client.callTool(rename))).toContain("sda is now root");
    await client.close();
    expect(signIn.visits.map(({ searchParams }) => searchParams.get("scope"))).toEqual([
      "mcp.write mcp.read",
    ]);
  });

  verifies("http.oauth-step-up", `in the middle of its work, ${name}`, async () => {
    await using server = await OAuthServer.start();
    const client = new Client({ name: "e2e", version: "1" }, { versionNegotiation: { mode } });
    const signIn = new SignIn(server.house);
    await signIn.connect(client, server.url);
    expect(textOf(await client.callTool(countRuns))).toContain("runs: 0");
    const result = await signIn.stepUp(client, () => client.callTool(rename));
    expect(textOf(result)).toContain("sda is now root");
    await client.close();
    expect(signIn.visits.map(({ searchParams }) => searchParams.get("scope"))).toEqual([
      "mcp.read",
      "mcp.read mcp.write",
    ]);
  });
});

verifies("http.oauth-refusals", "each with its status and challenge", async () => {
  await using server = await OAuthServer.start();
  const { house, url, metadataUrl } = server;
  const found = `resource_metadata="${metadataUrl}"`;
  const nothing = await answerTo(url);
  expect(nothing.status).toBe(401);
  expect(nothing.challenge).toBe(`Bearer realm="op-mcp", scope="mcp.read", ${found}`);
  expect(await (await fetch(metadataUrl)).json()).toMatchObject({
    resource: url.href,
    authorization_servers: [house.issuer],
    scopes_supported: ["mcp.read", "mcp.write"],
  });
  const anHourAgo = house.claims(Date.now() - 3_600_000, { aud: url.href });
  const invalid = [
    await house.clientToken({ resource: otherResource }),
    await house.sign(anHourAgo),
    await house.sign({ ...house.claims(Date.now()), aud: url.href, iss: "https://evil.example" }),
  ];
  for (const token of invalid) {
    const { status, challenge } = await answerTo(url, token);
    expect(status).toBe(401);
    expect(challenge).toContain('error="invalid_token"');
    expect(challenge).toContain(found);
  }
  const narrow = await answerTo(url, await server.tokenFor("mcp.write"));
  expect(narrow.status).toBe(403);
  expect(narrow.challenge).toContain('error="insufficient_scope"');
  expect(narrow.challenge).toContain(`scope="mcp.read", ${found}`);
});
