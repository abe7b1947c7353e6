import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import { createManualClock } from "op-core/testing";
import { describe, expect, test } from "vitest";
import { OAuthConfig } from "../../../src/auth/auth-config.ts";
import { checkOAuthConfig } from "../../../src/auth/oauth/check-oauth-config.ts";
import { discoverIssuer, metadataUrls } from "../../../src/auth/oauth/discover-issuer.ts";
import { readJwtShape } from "../../../src/auth/oauth/jwt-shape.ts";

const signal = new AbortController().signal;

async function openIssuer(listener: RequestListener) {
  const server = createServer(listener);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return {
    issuer: `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

describe("finding an issuer's metadata", () => {
  test("looks where RFC 8414 and OpenID Connect put it", () => {
    expect(metadataUrls("https://login.example.org/tenant")).toEqual([
      "https://login.example.org/.well-known/oauth-authorization-server/tenant",
      "https://login.example.org/.well-known/openid-configuration/tenant",
      "https://login.example.org/tenant/.well-known/openid-configuration",
    ]);
    expect(metadataUrls("https://login.example.org/")).toEqual([
      "https://login.example.org/.well-known/oauth-authorization-server",
      "https://login.example.org/.well-known/openid-configuration",
    ]);
  });

  test("takes the first there is", async () => {
    await using server = await openIssuer((req, res) => {
      const isThere = req.url === "/.well-known/openid-configuration";
      res.statusCode = isThere ? 200 : 404;
      res.end(JSON.stringify({ issuer: server.issuer, jwks_uri: `${server.issuer}/keys` }));
    });
    const options = { clock: createManualClock(), signal };
    expect(await discoverIssuer(server.issuer, options)).toEqual({
      jwksUrl: `${server.issuer}/keys`,
      introspectionUrl: undefined,
    });
    await expect(discoverIssuer(`${server.issuer}/`, options)).rejects.toThrow("another issuer");
  });

  test.each([
    ["names another issuer", { issuer: "https://evil.example" }, "another issuer"],
    [
      "puts its keys where anybody could answer",
      { jwks_uri: "http://evil.example/keys" },
      "jwks_uri",
    ],
    ["puts its keys into a file", { jwks_uri: "file:///etc/passwd" }, "jwks_uri"],
  ])("does not believe one that %s", async (_what, more, problem) => {
    await using server = await openIssuer((_req, res) => {
      res.end(JSON.stringify({ issuer: server.issuer, ...more }));
    });
    const discovering = discoverIssuer(server.issuer, { clock: createManualClock(), signal });
    await expect(discovering).rejects.toThrow(problem);
  });

  test("goes nowhere else, and does not ask on after a failure", async () => {
    const asked: (string | undefined)[] = [];
    await using server = await openIssuer((req, res) => {
      asked.push(req.url);
      res.writeHead(asked.length === 1 ? 302 : 500, { location: "/elsewhere" }).end();
    });
    const options = { clock: createManualClock(), signal };
    await expect(discoverIssuer(server.issuer, options)).rejects.toThrow("cannot be fetched");
    await expect(discoverIssuer(server.issuer, options)).rejects.toThrow("status 500");
    expect(asked).toHaveLength(2);
  });

  test("does not read without end", async () => {
    await using server = await openIssuer((_req, res) => {
      res.end(JSON.stringify({ issuer: server.issuer, more: "x".repeat(600_000) }));
    });
    const discovering = discoverIssuer(server.issuer, { clock: createManualClock(), signal });
    await expect(discovering).rejects.toThrow("longer than 524288 bytes");
  });

  test("waits for five seconds, and not for one that never ends its answer", async () => {
    const reached = Promise.withResolvers<void>();
    await using server = await openIssuer((_req, res) => {
      res.write("{");
      reached.resolve();
    });
    const clock = createManualClock();
    const outcome = discoverIssuer(server.issuer, { clock, signal }).catch(
      (error: unknown) => error,
    );
    await reached.promise;
    await clock.advance(5000);
    expect(String(await outcome)).toContain("took longer than 5000 ms");
  });
});

describe("settings of issuers", () => {
  const resource = "https://mcp.example.org/mcp";
  const one = { issuer: "https://one.example" };
  const two = { issuer: "https://two.example" };
  const asking = { validation: "introspection", clientId: "a", clientSecret: "env:S" };
  const check =
    (issuers: readonly object[], url = resource) =>
    () =>
      checkOAuthConfig(OAuthConfig.parse({ issuers }), url);

  test("are fine when they are", () => {
    expect(check([])).not.toThrow();
    expect(check([], "nonsense")).not.toThrow();
    expect(check([one])).not.toThrow();
    expect(
      check([
        { ...one, name: "one" },
        { ...two, name: "two", ...asking },
      ]),
    ).not.toThrow();
  });

  test.each([
    ["two without names", [one, two], "name"],
    [
      "two of a name",
      [
        { ...one, name: "x" },
        { ...two, name: "x" },
      ],
      "name",
    ],
    [
      "the same twice",
      [
        { ...one, name: "a" },
        { ...one, name: "b" },
      ],
      "twice",
    ],
    ["one over http", [{ issuer: "http://one.example" }], "anybody on the way"],
    ["keys over http", [{ ...one, jwksUrl: "http://one.example/keys" }], "anybody on the way"],
    ["one to ask without a secret", [{ ...one, validation: "introspection" }], "introspection"],
    [
      "two to ask about opaque tokens",
      [
        { ...one, name: "a", ...asking },
        { ...two, name: "b", ...asking },
      ],
      "opaque",
    ],
  ])("are refused with %s", (_what, issuers, problem) => {
    expect(check(issuers)).toThrow(
      expect.objectContaining({
        code: "ERR_AUTH_CONFIG",
        message: expect.stringContaining(problem),
      }),
    );
  });

  test.each(["", "mcp", "https://a/#b", "https://a/?b"])(
    "are refused for the resource %j",
    (url) => {
      expect(check([one], url)).toThrow(expect.objectContaining({ code: "ERR_AUTH_CONFIG" }));
    },
  );

  test("cannot name algorithms whose public key signs", () => {
    for (const algorithm of ["none", "HS256", "HS512", "RSA1_5"]) {
      const issuers = [{ ...one, algorithms: [algorithm] }];
      expect(OAuthConfig.safeParse({ issuers }).success, algorithm).toBe(false);
    }
  });
});

test("a token is read as a JWT only where it is one", () => {
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const header = encode({ alg: "RS256" });
  expect(readJwtShape(`${header}.${encode({ iss: "a" })}.x`)?.issuer).toBe("a");
  expect(readJwtShape(`${header}.${encode({ iss: 7 })}.x`)?.issuer).toBeUndefined();
  for (const token of [
    "",
    "a",
    "a.b.c",
    `${header}.x.y`,
    `${encode([])}.${header}.x`,
    `${header}.${header}`,
  ]) {
    expect(readJwtShape(token)).toBeUndefined();
  }
});
