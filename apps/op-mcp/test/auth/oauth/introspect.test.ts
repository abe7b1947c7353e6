import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { silentLogger } from "op-core";
import { createManualClock } from "op-core/testing";
import { describe, expect, test } from "vitest";
import { OAuthConfig } from "../../../src/auth/auth-config.ts";
import { createOAuthMethod } from "../../../src/auth/oauth/oauth-method.ts";
import { Secret } from "../../../src/secrets/secret.ts";
import { from } from "../request.ts";
import { resource } from "@op-mcp/test-support/oidc-house";

const signal = new AbortController().signal;
const issuer = "https://login.example.org";
const nowMs = Date.UTC(2026, 0);

const good = {
  active: true,
  token_type: "Bearer",
  aud: resource,
  sub: "alice",
  exp: nowMs / 1000 + 60,
};

/** What becomes of an opaque token about which the issuer says this, and how the issuer was asked. */
async function ask(answer: unknown, status = 200) {
  const asked: { authorization: string | undefined; body: string }[] = [];
  const answerTo = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    asked.push({ authorization: req.headers.authorization, body: await text(req) });
    res.writeHead(status).end(JSON.stringify(answer));
  };
  const server = createServer((req, res) => void answerTo(req, res));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const introspectionUrl = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}/`;
  const asking = {
    validation: "introspection",
    introspectionUrl,
    clientId: "a:b",
    clientSecret: "env:S",
  };
  const method = createOAuthMethod({
    config: OAuthConfig.parse({ issuers: [{ issuer, ...asking }] }),
    resource,
    resolveSecret: () => Promise.resolve(Secret.of("s & é")),
    clock: createManualClock({ startMs: nowMs }),
    logger: silentLogger,
  });
  const result = await method.authenticate("opaque+token", from("192.0.2.7"), { signal });
  server.close();
  await once(server, "close");
  return { outcome: result.kind === "refused" ? result.code : result.principal.id, asked };
}

describe("an issuer that is asked about a token", () => {
  test("is told who asks as RFC 6749 wants it, and nothing but the token", async () => {
    const { outcome, asked } = await ask(good);
    expect(outcome).toBe("oauth:sub=alice");
    expect(asked).toEqual([
      {
        authorization: `Basic ${Buffer.from("a%3Ab:s+%26+%C3%A9").toString("base64")}`,
        body: "token=opaque%2Btoken&token_type_hint=access_token",
      },
    ]);
  });

  test.each([
    ["that it is not active", { ...good, active: false }, "invalid"],
    ["that it is active in words", { ...good, active: "true" }, "invalid"],
    ["nothing of whether it is active", { ...good, active: undefined }, "invalid"],
    ["that another issuer made it", { ...good, iss: "https://evil.example" }, "wrong-issuer"],
    ["that it is for another server", { ...good, aud: "https://other.example" }, "wrong-audience"],
    ["nothing of whom it is for", { ...good, aud: undefined }, "wrong-audience"],
    ["that its time is over", { ...good, exp: nowMs / 1000 - 60 }, "expired"],
    ["nothing of its end", { ...good, exp: undefined }, "invalid"],
    ["nothing of its type, as of refresh tokens", { ...good, token_type: undefined }, "wrong-type"],
    ["that its holder must prove a key", { ...good, token_type: "DPoP" }, "wrong-type"],
    ["nothing of whose it is", { ...good, sub: undefined }, "invalid"],
    ["a list", [good], "unavailable"],
  ])("and says %s lets nobody in", async (_what, answer, code) => {
    expect((await ask(answer)).outcome).toBe(code);
  });

  test.each([
    [400, "invalid"],
    [401, "unavailable"],
    [403, "unavailable"],
    [500, "unavailable"],
    [204, "unavailable"],
  ])("and answers with status %i lets nobody in", async (status, code) => {
    expect((await ask(good, status)).outcome).toBe(code);
  });
});
