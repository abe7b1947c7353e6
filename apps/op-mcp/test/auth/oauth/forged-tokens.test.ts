import { createHmac, createPublicKey, generateKeyPairSync, sign } from "node:crypto";
import { createServer } from "node:http";
import { once } from "node:events";
import * as fc from "fast-check";
import { exportJWK, exportSPKI, generateKeyPair, SignJWT } from "jose";
import { silentLogger } from "op-core";
import { createManualClock } from "op-core/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { OAuthConfig } from "../../../src/auth/auth-config.ts";
import type { Peer } from "../../../src/auth/auth-request.ts";
import { createOAuthMethod } from "../../../src/auth/oauth/oauth-method.ts";
import { Secret } from "../../../src/secrets/secret.ts";
import { from } from "../request.ts";
import { OidcHouse, otherResource, resource } from "@op-mcp/test-support/oidc-house";

const signal = new AbortController().signal;
const nowMs = Date.UTC(2026, 0);
const now = nowMs / 1000;

let house: OidcHouse;

beforeAll(async () => {
  house = await OidcHouse.open();
});
afterAll(async () => {
  await house[Symbol.asyncDispose]();
});

function open(issuer: object = {}) {
  return createOAuthMethod({
    config: OAuthConfig.parse({ issuers: [{ issuer: house.issuer, ...issuer }] }),
    resource,
    resolveSecret: () => Promise.resolve(Secret.of("unused")),
    clock: createManualClock({ startMs: nowMs }),
    logger: silentLogger,
  });
}

async function outcome(token: string, issuer: object = {}, peer: Peer = from("192.0.2.7")) {
  const result = await open(issuer).authenticate(token, peer, { signal });
  return result.kind === "refused" ? result.code : result.principal.id;
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

/** A token signed with a text as secret, as programs do that take the header's word for it. */
function hmac(header: object, secret: string | Buffer): string {
  const content = `${encode(header)}.${encode(house.claims(nowMs))}`;
  return `${content}.${createHmac("sha256", secret).update(content).digest("base64url")}`;
}

/** Somewhere that answers these keys to everybody. */
async function keysAt(keys: readonly unknown[], body = JSON.stringify({ keys })) {
  const server = createServer((_req, res) => res.end(body));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const jwksUrl = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}/keys`;
  return {
    jwksUrl,
    [Symbol.asyncDispose]: async () => {
      server.close();
      await once(server, "close");
    },
  };
}

test("what the others differ from is let in", async () => {
  expect(await outcome(await house.sign(house.claims(nowMs)))).toBe("oauth:sub=alice");
});

describe("a token with the wrong claims, signed by its issuer", () => {
  test.each([
    ["another audience", { aud: otherResource }, "wrong-audience"],
    ["no audience", { aud: undefined }, "wrong-audience"],
    ["an empty audience", { aud: [] }, "wrong-audience"],
    ["an audience that begins like ours", { aud: `${resource}.evil.example` }, "wrong-audience"],
    ["an audience above ours", { aud: "https://mcp.example.org" }, "wrong-audience"],
    ["an audience below ours", { aud: `${resource}/admin` }, "wrong-audience"],
    ["an audience over another scheme", { aud: "http://mcp.example.org/mcp" }, "wrong-audience"],
    ["no issuer", { iss: undefined }, "wrong-issuer"],
    ["another issuer", { iss: "https://evil.example" }, "wrong-issuer"],
    ["the time over", { exp: now - 31 }, "expired"],
    ["the time over since long", { exp: 1 }, "expired"],
    ["no end", { exp: undefined }, "invalid"],
    ["an end that is text", { exp: String(now + 300) }, "invalid"],
    ["a beginning to come", { nbf: now + 31 }, "not-yet-valid"],
    ["a beginning that is text", { nbf: "soon" }, "invalid"],
    ["an issue to come", { iat: now + 31 }, "not-yet-valid"],
    ["the nonce of an ID token", { nonce: "n" }, "wrong-type"],
    ["the hash of an ID token", { at_hash: "h" }, "wrong-type"],
    ["the events of a logout", { events: {} }, "wrong-type"],
    ["Keycloak's mark of refresh tokens", { typ: "Refresh" }, "wrong-type"],
    ["a key that must be proven", { cnf: { jkt: "x" } }, "invalid"],
    ["a binding of a kind nobody knows", { cnf: {} }, "invalid"],
    ["nobody whose it is", { sub: undefined, client_id: undefined }, "invalid"],
    ["somebody on two lines", { sub: "alice\nadmin", client_id: undefined }, "invalid"],
    ["somebody who is a number", { sub: 7, client_id: undefined }, "invalid"],
    ["an endless subject", { sub: "a".repeat(256), client_id: undefined }, "invalid"],
  ])("with %s is refused", async (_what, claims, code) => {
    expect(await outcome(await house.sign({ ...house.claims(nowMs), ...claims } as never))).toBe(
      code,
    );
  });

  test.each([
    ["an audience with a slash at its end", { aud: `${resource}/` }],
    ["one audience among others", { aud: [otherResource, resource] }],
    ["clocks half a minute off", { exp: now - 29, nbf: now + 29, iat: now + 29 }],
  ])("with %s is let in", async (_what, claims) => {
    expect(await outcome(await house.sign({ ...house.claims(nowMs), ...claims }))).toBe(
      "oauth:sub=alice",
    );
  });

  test("is refused by an issuer with a slash more or less", async () => {
    const claims = house.claims(nowMs, { iss: `${house.issuer}/` });
    expect(await outcome(await house.sign(claims))).toBe("wrong-issuer");
  });

  test("grants no scope that is none", async () => {
    const scope = 'mcp.read mcp."admin" mcp\\x \u00fc';
    const token = await house.sign(
      house.claims(nowMs, { scope, scp: ["mcp.list", 7, "two words"] }),
    );
    expect(await open().authenticate(token, from("::1"), { signal })).toMatchObject({
      principal: { scopes: ["mcp.read", "mcp.list"] },
    });
  });
});

describe("a token bound to a certificate", () => {
  const certificate = {
    isVerified: true,
    names: [],
    thumbprint: "the-thumbprint",
    expiresAtMs: Infinity,
  };
  const by = (more: object = {}): Peer => ({
    kind: "tcp",
    address: "192.0.2.7",
    certificate: { ...certificate, ...more },
  });

  test("lets in who has the certificate, and nobody who took the token from there", async () => {
    const cnf = { "x5t#S256": "the-thumbprint" };
    const token = await house.sign(house.claims(nowMs, { cnf }));
    expect(await outcome(token, {}, by({}))).toBe("oauth:sub=alice");
    expect(await outcome(token)).toBe("invalid");
    expect(await outcome(token, {}, { kind: "unix" })).toBe("invalid");
    expect(await outcome(token, {}, by({ thumbprint: "another" }))).toBe("invalid");
    expect(await outcome(token, {}, by({ isVerified: false }))).toBe("invalid");
  });

  test("and to a key as well is refused, because only one of the two was looked at", async () => {
    const cnf = { "x5t#S256": "the-thumbprint", jkt: "x" };
    const token = await house.sign(house.claims(nowMs, { cnf }));
    expect(await outcome(token, {}, by())).toBe("invalid");
  });

  test("is looked at again with each request, although the signature is remembered", async () => {
    const token = await house.sign(house.claims(nowMs, { cnf: { "x5t#S256": "the-thumbprint" } }));
    const method = open();
    const first = await method.authenticate(token, by({}), { signal });
    const second = await method.authenticate(token, from("192.0.2.7"), { signal });
    expect([first.kind, second.kind]).toEqual(["authenticated", "refused"]);
  });
});

describe("a token with the wrong header, signed by its issuer", () => {
  test.each([
    ["of an ID token", { typ: "JWT" }, "wrong-type"],
    ["without a type", { typ: undefined }, "wrong-type"],
    ["of a logout", { typ: "logout+jwt" }, "wrong-type"],
    ["with an algorithm that is not pinned", { alg: "RS512" }, "invalid"],
    ["with a padding that is not the key's", { alg: "PS256" }, "invalid"],
    ["with an unknown key", { kid: "another" }, "invalid"],
    ["with a path as key", { kid: "../../../../dev/null" }, "invalid"],
    ["with a query as key", { kid: "' OR 1=1 --" }, "invalid"],
    ["with a key of every object", { kid: "__proto__" }, "invalid"],
  ])("%s is refused", async (_what, header, code) => {
    expect(await outcome(await house.sign(house.claims(nowMs), header))).toBe(code);
  });

  test("may have its type written in full", async () => {
    const token = await house.sign(house.claims(nowMs), { typ: "application/AT+JWT" });
    expect(await outcome(token)).toBe("oauth:sub=alice");
  });

  test("may lack the key's name", async () => {
    const token = await house.sign(house.claims(nowMs), { kid: undefined });
    expect(await outcome(token)).toBe("oauth:sub=alice");
  });

  test("is refused with parts nobody here understands", async () => {
    const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    await using keys = await keysAt([{ ...publicKey.export({ format: "jwk" }), kid: "own" }]);
    const outcomeWith = async (more: object) => {
      const header = encode({ alg: "RS256", typ: "at+jwt", kid: "own", ...more });
      const content = `${header}.${encode(house.claims(nowMs))}`;
      const signature = sign("sha256", Buffer.from(content), privateKey).toString("base64url");
      return await outcome(`${content}.${signature}`, { jwksUrl: keys.jwksUrl });
    };
    expect(await outcomeWith({})).toBe("oauth:sub=alice");
    for (const more of [{ crit: ["exp"], exp: 1 }, { crit: ["b64"], b64: true }, { kid: 7 }]) {
      expect(await outcomeWith(more)).toBe("invalid");
    }
    expect(await outcomeWith({ alg: 7 })).toBe("invalid");
  });
});

describe("a forged token", () => {
  test("without a signature is refused, however `none` is written", async () => {
    for (const alg of ["none", "None", "NONE", "nOnE", ""]) {
      const content = `${encode({ alg, typ: "at+jwt" })}.${encode(house.claims(nowMs))}`;
      expect(await outcome(`${content}.`)).toBe("invalid");
      expect(await outcome(content)).toBe("invalid");
    }
  });

  test("signed with the public key as a secret is refused", async () => {
    const { kty = "", n = "", e = "" } = house.privateKey;
    const key = createPublicKey({ key: { kty, n, e }, format: "jwk" });
    const secrets = [
      key.export({ type: "spki", format: "pem" }),
      key.export({ type: "pkcs1", format: "pem" }),
      key.export({ type: "spki", format: "der" }),
      n,
      JSON.stringify({ kty, n, e }),
      "",
    ];
    for (const secret of secrets) {
      const header = { alg: "HS256", typ: "at+jwt", kid: house.privateKey.kid };
      expect(await outcome(hmac(header, secret))).toBe("invalid");
      expect(await outcome(hmac({ ...header, alg: "RS256" }, secret))).toBe("invalid");
    }
  });

  test("that brings its own key is refused, and what it points to is never fetched", async () => {
    const { publicKey, privateKey } = await generateKeyPair("RS256", { extractable: true });
    const jwk = { ...(await exportJWK(publicKey)), kid: house.privateKey.kid, alg: "RS256" };
    let visits = 0;
    const server = createServer((_req, res) => {
      visits += 1;
      res.end(JSON.stringify({ keys: [jwk] }));
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    const url = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}/jwks`;
    const x5c = [(await exportSPKI(publicKey)).replaceAll(/-.*-|\n/gu, "")];
    const traps: readonly object[] = [{ jwk }, { jku: url }, { x5u: url }, { x5c }, { kid: url }];
    for (const more of traps) {
      const header = { alg: "RS256", typ: "at+jwt", kid: house.privateKey.kid ?? "", ...more };
      const token = await new SignJWT(house.claims(nowMs))
        .setProtectedHeader(header)
        .sign(privateKey);
      expect(await outcome(token)).toBe("invalid");
    }
    expect(visits).toBe(0);
    server.close();
    await once(server, "close");
  });

  test("signed by the right kind of key of somebody else is refused", async () => {
    for (const alg of ["RS256", "ES256", "PS256", "EdDSA"]) {
      const { privateKey } = await generateKeyPair(alg);
      const header = { alg, typ: "at+jwt" };
      const token = await new SignJWT(house.claims(nowMs))
        .setProtectedHeader(header)
        .sign(privateKey);
      expect(await outcome(token)).toBe("invalid");
    }
  });

  test("is refused with any character of a good one changed", async () => {
    const token = await house.sign(house.claims(nowMs));
    const method = open();
    await fc.assert(
      fc.asyncProperty(
        fc.nat({ max: token.length - 1 }),
        fc.stringMatching(/^[A-Za-z0-9_.-]$/u),
        async (at, character) => {
          const wrong = token.slice(0, at) + character + token.slice(at + 1);
          // Bits behind the last byte mean nothing in base64url, and the token is the same.
          const isSame = split(wrong).bytes === split(token).bytes;
          const result = await method.authenticate(wrong, from("::1"), { signal });
          expect(result.kind).toBe(isSame ? "authenticated" : "refused");
        },
      ),
      { seed: 1, numRuns: 200 },
    );
  });

  test("of another shape is refused", async () => {
    const { payload } = split(await house.sign(house.claims(nowMs)));
    const header = encode({ alg: "RSA-OAEP", enc: "A256GCM" });
    for (const token of [`${header}.a.b.c.d`, "a.b.c", `..`, `.${payload}.`, "a.b", "x", payload]) {
      expect(await outcome(token)).toBe("invalid");
    }
  });
});

describe("an issuer that publishes", () => {
  test("a secret key lets nobody sign with it", async () => {
    const k = Buffer.from("a published secret").toString("base64url");
    await using keys = await keysAt([{ kty: "oct", k, kid: "s", alg: "HS256" }]);
    const token = hmac({ alg: "HS256", typ: "at+jwt", kid: "s" }, "a published secret");
    expect(await outcome(token, { jwksUrl: keys.jwksUrl })).toBe("invalid");
    const good = await house.sign(house.claims(nowMs));
    expect(await outcome(good, { jwksUrl: keys.jwksUrl })).toBe("unavailable");
  });

  test("several keys without names has each tried", async () => {
    const others = await Promise.all(
      [1, 2].map(async () => await exportJWK((await generateKeyPair("RS256")).publicKey)),
    );
    const { kty, n, e } = house.privateKey;
    await using keys = await keysAt([...others, { kty, n, e }]);
    const token = await house.sign(house.claims(nowMs), { kid: undefined });
    expect(await outcome(token, { jwksUrl: keys.jwksUrl })).toBe("oauth:sub=alice");
  });

  test("keys for encryption has none of them used", async () => {
    const { kty, n, e } = house.privateKey;
    await using keys = await keysAt([{ kty, n, e, use: "enc" }]);
    const token = await house.sign(house.claims(nowMs), { kid: undefined });
    expect(await outcome(token, { jwksUrl: keys.jwksUrl })).toBe("unavailable");
  });

  test.each(["", "[]", "{}", '{"keys":7}', '{"keys":[7,null]}', "x".repeat(600_000)])(
    "something else lets nobody in",
    async (body) => {
      await using keys = await keysAt([], body);
      const token = await house.sign(house.claims(nowMs));
      expect(await outcome(token, { jwksUrl: keys.jwksUrl })).toBe("unavailable");
    },
  );

  test("weak keys is not believed", async () => {
    const { privateKey, publicKey } = generateKeyPairSync("rsa", {
      modulusLength: 1024,
    });
    await using keys = await keysAt([{ ...publicKey.export({ format: "jwk" }), kid: "weak" }]);
    const content = `${encode({ alg: "RS256", typ: "at+jwt", kid: "weak" })}.${encode(house.claims(nowMs))}`;
    const signed = sign("sha256", Buffer.from(content), privateKey);
    const token = `${content}.${signed.toString("base64url")}`;
    expect(await outcome(token, { jwksUrl: keys.jwksUrl })).toBe("invalid");
  });
});

function split(token: string) {
  const [header = "", payload = "", signature = "", ...rest] = token.split(".");
  const bytes = [
    header,
    payload,
    Buffer.from(signature, "base64url").toString("hex"),
    ...rest,
  ].join(".");
  return { header, payload, signature, bytes };
}
