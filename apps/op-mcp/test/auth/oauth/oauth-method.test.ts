import { silentLogger } from "op-core";
import { createManualClock, type ManualClock } from "op-core/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { OAuthConfig } from "../../../src/auth/auth-config.ts";
import type { Peer } from "../../../src/auth/auth-request.ts";
import type { BearerMethod } from "../../../src/auth/authenticator.ts";
import { createOAuthMethod } from "../../../src/auth/oauth/oauth-method.ts";
import { Secret } from "../../../src/secrets/secret.ts";
import { from } from "../request.ts";
import { OidcHouse, otherResource, resource } from "@op-mcp/test-support/oidc-house";

const signal = new AbortController().signal;
const minute = 60_000;

let house: OidcHouse;
let clock: ManualClock;

beforeAll(async () => {
  house = await OidcHouse.open();
});
afterAll(async () => {
  await house[Symbol.asyncDispose]();
});

function open(issuer: object = {}, oauth: object = {}): BearerMethod {
  clock = createManualClock({ startMs: Date.now() });
  return createOAuthMethod({
    config: OAuthConfig.parse({ issuers: [{ issuer: house.issuer, ...issuer }], ...oauth }),
    resource,
    resolveSecret: () => Promise.resolve(Secret.of(house.clientSecret)),
    clock,
    logger: silentLogger,
  });
}

async function outcome(method: BearerMethod, token: string, peer: Peer = from("192.0.2.7")) {
  const result = await method.authenticate(token, peer, { signal });
  return result.kind === "refused" ? result.code : result.principal.id;
}

const asking = { validation: "introspection", clientId: "agent", clientSecret: "env:SECRET" };

describe("a token the provider issued as a JWT", () => {
  test("lets a client in as itself, with its scopes, until it expires", async () => {
    const method = open();
    const token = await house.clientToken();
    const result = await method.authenticate(token, from("192.0.2.7"), { signal });
    expect(result).toMatchObject({
      kind: "authenticated",
      principal: { id: "oauth:client=agent", scopes: ["mcp.read"] },
      method: "oauth",
    });
    const expiresAtMs = result.kind === "authenticated" ? (result.expiresAtMs ?? 0) : 0;
    expect(expiresAtMs - clock.now()).toBeGreaterThan(9 * minute);
    await clock.advance(expiresAtMs - clock.now() + 29_999);
    expect(await outcome(method, token)).toBe("oauth:client=agent");
    await clock.advance(1);
    expect(await outcome(method, token)).toBe("expired");
  });

  test("lets a user in who let a client act, by authorization code and PKCE", async () => {
    const { accessToken } = await house.userTokens();
    const result = await open().authenticate(accessToken, from("192.0.2.7"), { signal });
    expect(result).toMatchObject({
      principal: { id: "oauth:sub=alice", scopes: ["mcp.read", "mcp.write"] },
    });
  });

  test("is refused where it is an ID token, or for another server", async () => {
    const { idToken } = await house.userTokens();
    expect(await outcome(open(), idToken)).toBe("wrong-type");
    expect(await outcome(open({ tokenTypes: ["JWT"], audiences: ["agent"] }), idToken)).toBe(
      "wrong-type",
    );
    const other = await house.clientToken({ resource: otherResource });
    expect(await outcome(open(), other)).toBe("wrong-audience");
  });

  test("is refused without the scopes every token needs, which the client is told", async () => {
    const method = open({}, { requiredScopes: ["mcp.write"] });
    const result = await method.authenticate(await house.clientToken(), from("::1"), { signal });
    expect(result).toMatchObject({ code: "insufficient-scope", neededScopes: ["mcp.write"] });
    const more = await house.clientToken({ scope: "mcp.read mcp.write" });
    expect(await outcome(method, more)).toBe("oauth:client=agent");
  });

  test("grants only what its issuer may grant, and is named after it", async () => {
    const method = open({ name: "corp", acceptedScopes: ["mcp.read"] });
    const token = await house.clientToken({ scope: "mcp.read mcp.write" });
    expect(await method.authenticate(token, from("::1"), { signal })).toMatchObject({
      principal: { id: "oauth:client=corp/agent", scopes: ["mcp.read"] },
    });
  });

  test("is checked without asking the provider again", async () => {
    const method = open();
    const token = await house.clientToken();
    await outcome(method, token);
    const before = house.asked.length;
    await Promise.all(Array.from({ length: 50 }, () => outcome(method, token)));
    expect(house.asked.slice(before)).toEqual([]);
  });
});

describe("an opaque token", () => {
  test("lets in while the provider says that it is active", async () => {
    const method = open(asking);
    const token = await house.clientToken({ resource: `${resource}?opaque` });
    expect(token).not.toContain(".");
    expect(await outcome(method, token)).toBe("oauth:client=agent");
    await house.post("/token/revocation", { token });
    expect(await outcome(method, token)).toBe("oauth:client=agent");
    await clock.advance(15_000);
    expect(await outcome(method, token)).toBe("invalid");
  });

  test("is asked about once by many who bring it at the same time", async () => {
    const method = open(asking);
    const token = await house.clientToken({ resource: `${resource}?opaque` });
    const before = house.asked.length;
    await Promise.all(Array.from({ length: 50 }, () => outcome(method, token)));
    const asked = house.asked.slice(before).filter((path) => path.endsWith("/introspection"));
    expect(asked).toHaveLength(1);
  });

  test("is refused for another server, and where nobody can be asked", async () => {
    const token = await house.clientToken({ resource: `${otherResource}?opaque` });
    expect(await outcome(open(asking), token)).toBe("wrong-audience");
    expect(await outcome(open(), token)).toBe("invalid");
    expect(await outcome(open(asking), "opmcp-nonsense")).toBe("invalid");
  });

  test("is not judged while the provider is down, or does not know who asks", async () => {
    const method = open(asking);
    const token = await house.clientToken({ resource: `${resource}?opaque` });
    house.setDown(true);
    expect(await outcome(method, token)).toBe("unavailable");
    house.setDown(false);
    await clock.advance(30_000);
    expect(await outcome(method, token)).toBe("oauth:client=agent");
    expect(await outcome(open({ ...asking, clientId: "stranger" }), token)).toBe("unavailable");
  });
});

describe("keys of the provider", () => {
  test("may change while op-mcp runs, and are looked for once in a while only", async () => {
    await using _again = { [Symbol.asyncDispose]: () => house.rotateKeys() };
    const method = open();
    const old = await house.clientToken();
    await outcome(method, old);
    await house.rotateKeys();
    const token = await house.clientToken();
    const before = house.asked.length;
    expect(await outcome(method, token)).toBe("invalid");
    await clock.advance(30_000);
    expect(await outcome(method, token)).toBe("oauth:client=agent");
    const forged = await house.sign(house.claims(clock.now()), { kid: "no such key" });
    await Promise.all(Array.from({ length: 20 }, () => outcome(method, forged)));
    expect(house.asked.slice(before).filter((path) => path.startsWith("/jwks"))).toHaveLength(1);
    await clock.advance(minute);
    expect(await outcome(method, old)).toBe("invalid");
  });

  test("go on to be used while the provider is down, for a bounded time", async () => {
    const method = open();
    const now = Date.now();
    const sign = (subject: string) =>
      house.sign(house.claims(now, { sub: subject, exp: Math.floor(now / 1000) + 86_400 }));
    expect(await outcome(method, await sign("a"))).toBe("oauth:sub=a");
    house.setDown(true);
    await clock.advance(11 * minute);
    expect(await outcome(method, await sign("b"))).toBe("oauth:sub=b");
    await clock.advance(60 * minute);
    const late = await method.authenticate(await sign("c"), from("192.0.2.7"), { signal });
    expect(late).toMatchObject({ code: "unavailable", retryAfterMs: 10_000 });
    house.setDown(false);
    await clock.advance(30_000);
    expect(await outcome(method, await sign("c"))).toBe("oauth:sub=c");
  });

  test("are asked for by one of many who need them", async () => {
    const method = open();
    const tokens = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        house.sign(house.claims(clock.now(), { sub: `user-${index}` })),
      ),
    );
    const before = house.asked.length;
    await Promise.all(tokens.map((token) => outcome(method, token)));
    expect(house.asked.slice(before)).toHaveLength(
      house.asked.slice(before).filter((path) => !path.startsWith("/jwks")).length + 1,
    );
  });

  test("are not waited for by whoever has left", async () => {
    const reason = new Error("left");
    const left = { signal: AbortSignal.abort(reason) };
    await expect(open().authenticate(await house.clientToken(), from("::1"), left)).rejects.toBe(
      reason,
    );
  });
});

describe("several issuers", () => {
  test("speak for their own users only, and are shown their own tokens only", async () => {
    await using other = await OidcHouse.open();
    clock = createManualClock({ startMs: Date.now() });
    const method = createOAuthMethod({
      config: OAuthConfig.parse({
        issuers: [
          { issuer: house.issuer, name: "one" },
          { issuer: other.issuer, name: "two", ...asking },
        ],
      }),
      resource,
      resolveSecret: () => Promise.resolve(Secret.of(other.clientSecret)),
      clock,
      logger: silentLogger,
    });
    const mine = await house.sign(house.claims(clock.now()));
    const before = other.asked.length;
    expect(await outcome(method, mine)).toBe("oauth:sub=one/alice");
    expect(other.asked.slice(before)).toEqual([]);
    const theirs = await other.clientToken({ resource: `${resource}?opaque` });
    expect(await outcome(method, theirs)).toBe("oauth:client=two/agent");
    const posing = await house.sign(house.claims(clock.now(), { iss: other.issuer }));
    expect(await outcome(method, posing)).toBe("invalid");
  });
});
