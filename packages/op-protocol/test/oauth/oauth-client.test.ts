import { OidcHouse } from "@op-mcp/test-support/oidc-house";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  createMemoryOAuthStore,
  createOAuthClient,
  type AuthorizePort,
  type OAuthOptions,
  type OAuthStore,
} from "../../src/oauth/index.ts";
import { ProtectedServer } from "./protected-server.ts";

let house: OidcHouse;
let server: ProtectedServer;
beforeAll(async () => {
  house = await OidcHouse.open();
});
afterAll(() => house[Symbol.asyncDispose]());
beforeEach(async () => {
  server = await ProtectedServer.open(house);
  house.asked.length = 0;
});
afterEach(() => server[Symbol.asyncDispose]());

const { signal } = new AbortController();

/** Alice in front of a browser. */
class Browser implements AuthorizePort {
  readonly redirectUrl = "http://127.0.0.1/callback";
  readonly pages: URL[] = [];
  change: (answer: URLSearchParams) => void = () => undefined;

  async authorize(page: URL): Promise<URLSearchParams> {
    this.pages.push(page);
    const answer = await house.followToCallback(page.href);
    this.change(answer);
    return answer;
  }
}

function createClient(store: OAuthStore, more: Partial<OAuthOptions> = {}) {
  return createOAuthClient({
    name: "notes",
    serverUrl: server.url,
    store,
    grant: "authorization-code",
    clientName: "op-mcp",
    loginAdvice: "Log in to notes.",
    ...more,
  });
}

async function claimsAt(client: { fetch: OAuthOptions["fetch"] }): Promise<unknown> {
  const response = await client.fetch?.(server.url, { method: "POST", signal });
  return response?.ok === true ? await response.json() : response?.status;
}

describe("a person's login", () => {
  it("registers the client, gets tokens and puts them on requests", async () => {
    const store = createMemoryOAuthStore();
    const client = createClient(store);
    expect(await client.status({ signal })).toEqual({ isLoggedIn: false, isRenewable: false });
    await expect(claimsAt(client)).rejects.toMatchObject({
      code: "ERR_UPSTREAM_LOGIN",
      advice: "Log in to notes.",
    });
    const browser = new Browser();
    await client.login({ authorize: browser, signal });
    expect(await claimsAt(client)).toMatchObject({ sub: "alice", scope: "mcp.read" });
    expect(await client.status({ signal })).toMatchObject({
      isLoggedIn: true,
      isRenewable: true,
      issuer: house.issuer,
    });
    expect(Object.fromEntries(browser.pages[0]?.searchParams ?? [])).toMatchObject({
      code_challenge_method: "S256",
      resource: server.url.href,
      scope: expect.stringContaining("mcp.read"),
    });
  });

  it("is asked for by a request that has somebody to ask", async () => {
    const browser = new Browser();
    const client = createClient(createMemoryOAuthStore(), { authorize: browser });
    expect(await claimsAt(client)).toMatchObject({ sub: "alice" });
    server.scope = "mcp.read mcp.write";
    expect(await claimsAt(client)).toMatchObject({ scope: "mcp.read mcp.write" });
    expect(browser.pages).toHaveLength(2);
  });

  it("with a client that was registered beforehand registers none", async () => {
    const client = createClient(createMemoryOAuthStore(), {
      client: { id: house.publicClientId, proof: { kind: "none" } },
    });
    await client.login({ authorize: new Browser(), signal });
    expect(await claimsAt(client)).toMatchObject({ client_id: "desktop" });
    expect(house.asked).not.toContain("/reg");
  });

  it.each([
    ["state", "another", "belongs to another login"],
    ["iss", "https://evil.example", "ssuer"],
  ])("refuses an answer whose %s is not what it must be", async (key, value, said) => {
    const browser = new Browser();
    browser.change = (answer) => answer.set(key, value);
    const store = createMemoryOAuthStore();
    const login = createClient(store).login({ authorize: browser, signal });
    await expect(login).rejects.toMatchObject({
      code: "ERR_UPSTREAM_AUTHORIZATION",
      message: expect.stringContaining(said),
    });
    expect((await store.read({ signal })).tokens).toBeUndefined();
  });

  it("asks next time for the rights that were missing", async () => {
    const store = createMemoryOAuthStore();
    const client = createClient(store);
    await client.login({ authorize: new Browser(), signal });
    server.scope = "mcp.write";
    await expect(claimsAt(client)).rejects.toMatchObject({
      code: "ERR_UPSTREAM_LOGIN",
      data: { scope: "mcp.read mcp.write" },
    });
    const browser = new Browser();
    await createClient(store).login({ authorize: browser, signal });
    expect(await claimsAt(client)).toMatchObject({ scope: "mcp.read mcp.write" });
  });
});

describe("an access token that is refused", () => {
  async function logIn(store: OAuthStore) {
    const client = createClient(store);
    await client.login({ authorize: new Browser(), signal });
    const { tokens } = await store.read({ signal });
    server.revoked.add(tokens?.access_token ?? "");
    house.asked.length = 0;
    return client;
  }

  it("is followed by another, once for all who wait, in every process", async () => {
    const store = createMemoryOAuthStore();
    const clients = [await logIn(store), createClient(store)];
    const all = [...clients, ...clients, ...clients].map(claimsAt);
    for (const claims of await Promise.all(all)) expect(claims).toMatchObject({ sub: "alice" });
    expect(house.asked.filter((path) => path === "/token")).toHaveLength(1);
  });

  it("is not taken for a login that is missing when the provider is down", async () => {
    const client = await logIn(createMemoryOAuthStore());
    house.setDown(true);
    try {
      await expect(claimsAt(client)).rejects.toMatchObject({
        code: "ERR_UPSTREAM_AUTHORIZATION",
        retryable: true,
      });
    } finally {
      house.setDown(false);
    }
    expect(await claimsAt(client)).toMatchObject({ sub: "alice" });
  });

  it("is a login that is missing when its refresh token is none any more", async () => {
    const store = createMemoryOAuthStore();
    const client = await logIn(store);
    const record = await store.read({ signal });
    if (record.tokens === undefined) throw new Error("there is a token");
    const tokens = { ...record.tokens, refresh_token: "stolen" };
    await store.write({ ...record, tokens }, { signal });
    await expect(claimsAt(client)).rejects.toMatchObject({ code: "ERR_UPSTREAM_LOGIN" });
  });

  it("is renewed before it ends", async () => {
    const store = createMemoryOAuthStore();
    const client = createClient(store);
    await client.login({ authorize: new Browser(), signal });
    await store.write({ ...(await store.read({ signal })), expiresAtMs: 1 }, { signal });
    const before = server.seen.length;
    expect(await claimsAt(client)).toMatchObject({ sub: "alice" });
    expect(server.seen.length - before).toBe(1);
  });
});

describe("a client that acts for itself", () => {
  const own = { grant: "client-credentials" } as const;

  it("proves who it is by a secret", async () => {
    const secret = () => Promise.resolve(house.clientSecret);
    const proof = { kind: "secret", secret } as const;
    const client = createClient(createMemoryOAuthStore(), {
      ...own,
      client: { id: house.clientId, proof },
    });
    expect(await claimsAt(client)).toMatchObject({ client_id: "agent", scope: "mcp.read" });
    server.scope = "mcp.write";
    expect(await claimsAt(client)).toMatchObject({ scope: "mcp.read mcp.write" });
  });

  it("proves who it is by a signature", async () => {
    const key = () => Promise.resolve(house.signingKey);
    const proof = { kind: "private-key", key, algorithm: "ES256" } as const;
    const client = createClient(createMemoryOAuthStore(), {
      ...own,
      client: { id: house.signingClientId, proof },
    });
    expect(await claimsAt(client)).toMatchObject({ client_id: "signer" });
  });

  it("tells its secret only to the authorization server that it was first used at", async () => {
    await using other = await OidcHouse.open();
    const secret = () => Promise.reject(new Error("nobody needs it"));
    const store = createMemoryOAuthStore({ issuer: other.issuer });
    const client = createClient(store, {
      ...own,
      client: { id: house.clientId, proof: { kind: "secret", secret } },
    });
    await expect(claimsAt(client)).rejects.toMatchObject({ code: "ERR_UPSTREAM_AUTHORIZATION" });
    expect(house.asked).not.toContain("/token");
  });
});

describe("logging out", () => {
  it("revokes the tokens and forgets them", async () => {
    const store = createMemoryOAuthStore();
    const client = createClient(store);
    await client.login({ authorize: new Browser(), signal });
    const { tokens } = await store.read({ signal });
    expect(await client.logout({ signal })).toEqual({ isRevoked: true });
    expect(await client.status({ signal })).toMatchObject({ isLoggedIn: false });
    await expect(claimsAt(client)).rejects.toMatchObject({ code: "ERR_UPSTREAM_LOGIN" });
    const again = house.post("/token", {
      grant_type: "refresh_token",
      refresh_token: tokens?.refresh_token ?? "",
    });
    await expect(again).rejects.toThrow("400");
  });
});

it("asks no address of this machine for a server that is elsewhere", async () => {
  const challenge = `Bearer resource_metadata="${house.issuer}/secret"`;
  const serverUrl = new URL("https://mcp.example.org/mcp");
  const client = createClient(createMemoryOAuthStore(), {
    serverUrl,
    fetch: (url, init) =>
      url.origin === serverUrl.origin
        ? Promise.resolve(
            new Response("", { status: 401, headers: { "www-authenticate": challenge } }),
          )
        : fetch(url, init),
  });
  await expect(client.login({ authorize: new Browser(), signal })).rejects.toMatchObject({
    code: "ERR_UPSTREAM_AUTHORIZATION",
  });
  expect(house.asked).toEqual([]);
});
