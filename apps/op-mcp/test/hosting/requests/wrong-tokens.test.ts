import { createHmac } from "node:crypto";
import { OidcHouse, otherResource, resource } from "@op-mcp/test-support/oidc-house";
import { exportSPKI, generateKeyPair, importJWK, SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { modernRequest, openHosted, type Hosted } from "../fixtures/hosted.ts";

let house: OidcHouse;
let hosted: Hosted;

beforeAll(async () => {
  house = await OidcHouse.open();
  hosted = await openHosted({
    auth: {
      oauth: { resource, issuers: [{ issuer: house.issuer }], requiredScopes: ["mcp.read"] },
      slowing: { freeFailures: 1_000_000 },
    },
  });
});
afterAll(async () => {
  await hosted[Symbol.asyncDispose]();
  await house[Symbol.asyncDispose]();
});

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
const claims = (more: object = {}) => ({ ...house.claims(Date.now()), ...more });
const good = (more: object = {}) => house.sign(claims(more));
const anHourAgo = Math.floor(Date.now() / 1000) - 3600;

/** The issuer's key as everybody can have it, in PEM. */
async function publicKey(): Promise<string> {
  const { kty, n, e } = house.privateKey;
  const key = await importJWK({ kty, n, e } as never, "RS256", { extractable: true });
  return await exportSPKI(key);
}

/** Signed with what everybody knows, as if that were a secret. */
async function confused(): Promise<string> {
  const content = `${encode({ alg: "HS256", typ: "at+jwt" })}.${encode(claims())}`;
  const mac = createHmac("sha256", await publicKey()).update(content);
  return `${content}.${mac.digest("base64url")}`;
}

async function foreign(header: object = {}): Promise<string> {
  const { privateKey } = await generateKeyPair("RS256");
  const { kid } = house.privateKey;
  const jwt = new SignJWT(claims()).setProtectedHeader({
    alg: "RS256",
    typ: "at+jwt",
    ...(kid === undefined ? {} : { kid }),
    ...header,
  });
  return await jwt.sign(privateKey);
}

const demanding = async (): Promise<string> => {
  const [, ...rest] = (await good()).split(".");
  const header = { alg: "RS256", typ: "at+jwt", crit: ["proof"], proof: 1 };
  return [encode(header), ...rest].join(".");
};

const none = (alg: string): string => `${encode({ alg, typ: "at+jwt" })}.${encode(claims())}.`;

const flipped = async (): Promise<string> => {
  const token = await good();
  const last = token.at(-20) === "A" ? "B" : "A";
  return `${token.slice(0, -20)}${last}${token.slice(-19)}`;
};

const withOtherClaims = async (): Promise<string> => {
  const [header, , signature] = (await good()).split(".");
  return `${header}.${encode(claims({ sub: "root" }))}.${signature}`;
};

type MakeHeader = () => string | Promise<string>;
const bearer =
  (make: MakeHeader): MakeHeader =>
  async () =>
    `Bearer ${await make()}`;

const cases: readonly (readonly [string, number, MakeHeader])[] = [
  ["that is over", 401, bearer(() => good({ exp: anHourAgo }))],
  [
    "that was good once, and is played again",
    401,
    bearer(() => good({ iat: anHourAgo - 60, exp: anHourAgo })),
  ],
  ["that has no end", 401, bearer(() => good({ exp: undefined }))],
  ["that is not valid yet", 401, bearer(() => good({ nbf: anHourAgo + 7200 }))],
  ["for another server", 401, bearer(() => good({ aud: otherResource }))],
  ["for no server", 401, bearer(() => good({ aud: undefined }))],
  [
    "for a server whose name begins like ours",
    401,
    bearer(() => good({ aud: `${resource}.evil.example` })),
  ],
  ["of another issuer", 401, bearer(() => good({ iss: "https://evil.example" }))],
  ["of no issuer", 401, bearer(() => good({ iss: undefined }))],
  ["of nobody", 401, bearer(() => good({ sub: undefined, client_id: undefined }))],
  ["without a signature", 401, bearer(() => none("none"))],
  ["without a signature, written otherwise", 401, bearer(() => none("NoNe"))],
  ["whose signature was cut off", 401, bearer(async () => (await good()).replace(/[^.]*$/u, ""))],
  ["signed with the public key as a secret", 401, bearer(confused)],
  ["signed by somebody else under the issuer's name", 401, bearer(() => foreign())],
  [
    "signed by somebody else whose key is in it",
    401,
    bearer(() => foreign({ jwk: { kty: "RSA", n: "AQAB", e: "AQAB" } })),
  ],
  ["that says where its key is", 401, bearer(() => foreign({ jku: "https://evil.example/keys" }))],
  ["with a key as a path", 401, bearer(() => foreign({ kid: "../../dev/null" }))],
  ["with a demand that nobody understands", 401, bearer(() => demanding())],
  ["of which a letter was changed", 401, bearer(flipped)],
  ["whose claims were changed", 401, bearer(withOtherClaims)],
  [
    "of the kind that says who somebody is",
    401,
    bearer(() => house.sign(claims(), { typ: "JWT" })),
  ],
  ["with too few scopes", 403, bearer(() => good({ scope: "mcp.other" }))],
  ["that is none", 401, bearer(() => "a.b.c")],
  ["of five parts", 401, bearer(() => "a.b.c.d.e")],
  ["made of nothing", 400, () => "Bearer "],
  ["that is two", 400, bearer(async () => `${await good()} ${await good()}`)],
  ["that is JSON", 400, bearer(() => '{"token":"x"}')],
  ["with a bad beginning of ours", 401, bearer(() => "opmcp_local_0000000000")],
  ["of ours with one letter more", 401, bearer(() => `${hosted.token}0`)],
  ["that looks like a key", 401, bearer(() => "opmcp_key_abc_def")],
  ["by a way that is not taken", 401, () => `Basic ${Buffer.from("root:root").toString("base64")}`],
  ["by a way nobody knows", 401, () => "Negotiate YII"],
];

describe("a token", () => {
  it.each(cases)("%s is %i, said in one form and audited", async (_what, status, make) => {
    const before = hosted.noted.length;
    const request = modernRequest("tools/list");
    const answer = await hosted.fetch("/mcp", {
      method: "POST",
      body: request.body,
      headers: { ...request.headers, authorization: await make() },
    });
    const text = await answer.text();
    expect([answer.status, text]).toEqual([status, expect.stringContaining('"requestId"')]);
    expect(answer.headers.get("www-authenticate") ?? "").toContain(
      status === 403 ? 'error="insufficient_scope"' : "Bearer",
    );
    expect(hosted.noted.length).toBe(before + 1);
    expect(JSON.stringify(hosted.noted.at(-1))).not.toContain(hosted.token);
  });

  it("that is good gets in, before and after all of these", async () => {
    const answer = await hosted.ask("tools/list", {}, { token: await good() });
    expect(answer.status).toBe(200);
  });

  it("in the URL is refused wherever it comes from", async () => {
    const before = hosted.noted.length;
    const { body, headers } = modernRequest("tools/list");
    const path = `/mcp?access_token=${await good()}`;
    const answer = await hosted.fetch(path, { method: "POST", body, headers });
    expect(answer.status).toBe(400);
    expect(hosted.noted.length).toBe(before + 1);
  });
});

describe("somebody who guesses", () => {
  it("waits longer each time, hears for how long, and is in the audit log", async () => {
    await using own = await openHosted({
      auth: { slowing: { freeFailures: 2, initialDelayMs: 60_000 } },
    });
    const { body, headers } = modernRequest("tools/list");
    const guess = async (token: string) => {
      const authorization = `Bearer ${token}`;
      const all = { ...headers, authorization };
      const answer = await own.fetch("/mcp", { method: "POST", body, headers: all });
      await answer.text();
      return [answer.status, Number(answer.headers.get("retry-after") ?? 0)];
    };
    const [first, second, third, fourth] = [
      await guess("opmcp_local_1"),
      await guess("opmcp_local_2"),
      await guess("opmcp_local_3"),
      // The right one, too: whoever guesses must not learn that it was.
      await guess(own.token),
    ];
    expect([first, second, third?.[0]]).toEqual([[401, 0], [401, 0], 401]);
    expect(fourth?.[0]).toBe(429);
    expect(fourth?.[1]).toBeGreaterThan(1);
    expect(own.reasons()).toEqual(["invalid", "invalid", "invalid", "too-many-attempts"]);
  });
});
