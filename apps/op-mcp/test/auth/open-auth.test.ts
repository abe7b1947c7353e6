import { statSync } from "node:fs";
import { silentLogger, systemClock } from "op-core";
import { describe, expect, test } from "vitest";
import { AuthConfig } from "../../src/auth/auth-config.ts";
import type { AuthEvent } from "../../src/auth/authenticator.ts";
import { openAuth } from "../../src/auth/open-auth.ts";
import { openTempFolder } from "../secrets/temp-folder.ts";
import { OidcHouse } from "@op-mcp/test-support/oidc-house";
import { bearer, from, request } from "./request.ts";

const signal = new AbortController().signal;
const url = "https://mcp.example.org/mcp";

async function openHouse(config: object = {}, secrets: Readonly<Record<string, string>> = {}) {
  const folder = await openTempFolder();
  const events: AuthEvent[] = [];
  const auth = await openAuth({
    config: AuthConfig.parse(config),
    url,
    stateDir: folder.path,
    env: secrets,
    clock: systemClock,
    logger: silentLogger,
    onEvent: (event) => events.push(event),
    signal,
  });
  return {
    auth,
    events,
    folder: folder.path,
    [Symbol.asyncDispose]: async () => {
      await auth[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

async function statusOf(
  { auth }: Awaited<ReturnType<typeof openHouse>>,
  token: string,
  address = "127.0.0.1",
): Promise<number | string> {
  const result = await auth.authenticator.authenticate(bearer(token, from(address)), { signal });
  return result.kind === "refused" ? result.status : result.principal.id;
}

describe("without any configuration", () => {
  test("the local token lets in from this machine, and nothing else does", async () => {
    await using house = await openHouse();
    const { auth } = house;
    const token = (await auth.localToken?.read({ signal }))?.reveal() ?? "";
    expect(await statusOf(house, token)).toBe(`unix:uid=${process.geteuid?.()}`);
    expect(await statusOf(house, token, "192.0.2.7")).toBe(401);
    expect(await statusOf(house, "eyJhbGciOiJub25lIn0.e30.")).toBe(401);
    const nothing = await auth.authenticator.authenticate(request(), { signal });
    expect(nothing).toMatchObject({ status: 401, wwwAuthenticate: 'Bearer realm="op-mcp"' });
    expect(auth.resourceMetadata).toBeUndefined();
    expect(house.events).toHaveLength(3);
  });

  test("it listens on this machine only, until there is a key", async () => {
    await using house = await openHouse();
    const { auth } = house;
    const options = { asksForCertificates: false, signal };
    const guard = await auth.guardFor({ kind: "tcp", host: "127.0.0.1" }, options);
    expect(guard(request([["Host", "localhost:8080"]]))).toBeUndefined();
    expect(guard(request([["Host", "evil.example"]]))).toMatchObject({ status: 403 });
    const open = { kind: "tcp", host: "0.0.0.0" } as const;
    await expect(auth.guardFor(open, options)).rejects.toMatchObject({
      code: "ERR_AUTH_OPEN_BIND",
    });
    const { key, token } = await auth.apiKeys.create({ name: "ci", scopes: [], signal });
    await auth.guardFor(open, options);
    expect(await statusOf(house, token.reveal(), "192.0.2.7")).toBe(`key:${key.id}`);
    await auth.apiKeys.revoke(key.id, { signal });
    expect(await statusOf(house, token.reveal(), "192.0.2.7")).toBe(401);
    await expect(auth.guardFor(open, options)).rejects.toMatchObject({
      code: "ERR_AUTH_OPEN_BIND",
    });
    expect(statSync(`${house.folder}/api-keys.json`).mode & 0o777).toBe(0o600);
  });

  test("mapped certificates let it listen elsewhere only where TLS asks for them", async () => {
    await using house = await openHouse({ certificates: [{ match: ["CN:a"] }] });
    const open = { kind: "tcp", host: "0.0.0.0" } as const;
    await house.auth.guardFor(open, { asksForCertificates: true, signal });
    const without = house.auth.guardFor(open, { asksForCertificates: false, signal });
    await expect(without).rejects.toMatchObject({ code: "ERR_AUTH_OPEN_BIND" });
  });
});

describe("with an issuer", () => {
  test("clients are told where to go, and are let in with what they get there", async () => {
    await using provider = await OidcHouse.open();
    const issuers = [{ issuer: provider.issuer }];
    await using house = await openHouse({ oauth: { issuers, scopes: ["mcp.read"] } });
    const refused = await house.auth.authenticator.authenticate(request(), { signal });
    expect(refused).toMatchObject({
      wwwAuthenticate: expect.stringContaining(
        `resource_metadata="${house.auth.resourceMetadata?.url}"`,
      ),
    });
    expect(house.auth.resourceMetadata?.document).toMatchObject({
      resource: url,
      authorization_servers: [provider.issuer],
    });
    expect(await statusOf(house, await provider.clientToken(), "192.0.2.7")).toBe(
      "oauth:client=agent",
    );
    expect(await statusOf(house, "opaque", "192.0.2.7")).toBe(401);
  });

  test("the secret for asking it comes from where the configuration says", async () => {
    await using provider = await OidcHouse.open();
    const issuer = {
      issuer: provider.issuer,
      validation: "introspection",
      clientId: provider.clientId,
      clientSecret: "env:ISSUER_SECRET",
    };
    const config = { oauth: { issuers: [issuer] } };
    const token = await provider.clientToken({ resource: `${url}?opaque` });
    await using knowing = await openHouse(config, { ISSUER_SECRET: provider.clientSecret });
    expect(await statusOf(knowing, token)).toBe("oauth:client=agent");
    await using ignorant = await openHouse(config);
    expect(await statusOf(ignorant, token)).toBe(503);
  });

  test("it is never shown a token that op-mcp made", async () => {
    await using provider = await OidcHouse.open();
    const issuer = {
      issuer: provider.issuer,
      validation: "introspection",
      clientId: provider.clientId,
      clientSecret: "env:ISSUER_SECRET",
    };
    const config = { isLocalTokenAccepted: false, oauth: { issuers: [issuer] } };
    await using house = await openHouse(config, { ISSUER_SECRET: provider.clientSecret });
    const before = provider.asked.length;
    for (const token of ["opmcp_local_x", "opmcp_key_x", "opmcp_other_x"]) {
      expect(await statusOf(house, token)).toBe(401);
    }
    expect(provider.asked.slice(before)).toEqual([]);
  });

  test("settings that contradict each other are told at the start", async () => {
    const issuers = [{ issuer: "https://a.example" }, { issuer: "https://b.example" }];
    await expect(openHouse({ oauth: { issuers } })).rejects.toMatchObject({
      code: "ERR_AUTH_CONFIG",
    });
  });
});
