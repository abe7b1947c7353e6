import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, request, type RequestOptions } from "node:https";
import { join } from "node:path";
import * as fc from "fast-check";
import { createManualClock } from "op-core/testing";
import { describe, expect, test } from "vitest";
import { CertificateConfig } from "../../../src/auth/auth-config.ts";
import type { AuthRequest, ClientCertificate, Peer } from "../../../src/auth/auth-request.ts";
import { parseAlternativeNames } from "../../../src/auth/certificates/alternative-names.ts";
import { certificateMethod } from "../../../src/auth/certificates/certificate-method.ts";
import { toAuthRequest } from "../../../src/auth/node-request.ts";

/** `client` and `tricky` are signed by `ca`; `stranger` has the client's names and signed itself. All last until 2126. */
function fixture(name: string): Buffer {
  return readFileSync(join(import.meta.dirname, "fixtures", name));
}

/** What a TLS server of Node learns of a client with this certificate. */
async function requestWith(name: string | undefined): Promise<AuthRequest> {
  const server = createServer({
    key: fixture("server.key"),
    cert: fixture("server.crt"),
    ca: fixture("ca.crt"),
    requestCert: true,
    rejectUnauthorized: false,
  });
  const seen = Promise.withResolvers<AuthRequest>();
  server.on("request", (req, res) => {
    seen.resolve(toAuthRequest(req));
    res.end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const options: RequestOptions = {
    host: "127.0.0.1",
    port: typeof address === "object" ? address?.port : undefined,
    ca: fixture("ca.crt"),
    agent: false,
    ...(name === undefined ? {} : { key: fixture(`${name}.key`), cert: fixture(`${name}.crt`) }),
  };
  const sent = request(options, (res) => res.resume());
  sent.end();
  const result = await seen.promise;
  server.closeAllConnections();
  server.close();
  await once(server, "close");
  return result;
}

function certificateOf({ peer }: AuthRequest): ClientCertificate | undefined {
  return peer.kind === "tcp" ? peer.certificate : undefined;
}

function identify(peer: Peer, config: readonly unknown[], startMs = Date.UTC(2030, 0)) {
  const mappings = config.map((mapping) => CertificateConfig.parse(mapping));
  return certificateMethod(mappings, createManualClock({ startMs })).identify(peer);
}

describe("a certificate that TLS verified", () => {
  test("is known by everything it is called", async () => {
    const certificate = certificateOf(await requestWith("client"));
    expect(certificate).toMatchObject({
      isVerified: true,
      expiresAtMs: Date.UTC(2126, 9, 28, 8, 6, 48),
    });
    expect(certificate?.names).toEqual([
      "O:Example",
      "OU:Build",
      "CN:build-1",
      "DNS:build-1.agents.example.org",
      "URI:spiffe://example.org/build",
      "email:build@example.org",
      expect.stringMatching(/^SHA256:(?:[0-9A-F]{2}:){31}[0-9A-F]{2}$/u),
    ]);
  });

  test("lets in by the first mapping of which every pattern fits", async () => {
    const { peer } = await requestWith("client");
    const result = identify(peer, [
      { match: ["CN:build-2"], principal: "cert:other" },
      { match: ["CN:build-1", "OU:Sales"], principal: "cert:sales" },
      { match: ["DNS:*.agents.example.org", "O:Example"], scopes: ["mcp.read"] },
      { match: ["CN:build-1"], principal: "cert:too-late" },
    ]);
    expect(result).toMatchObject({
      kind: "authenticated",
      principal: { id: "cert:DNS:build-1.agents.example.org", scopes: ["mcp.read"] },
    });
    expect(identify(peer, [{ match: ["CN:build-1"], principal: "cert:ci" }])).toMatchObject({
      principal: { id: "cert:ci" },
    });
  });

  test("lets nobody in when no mapping fits, nor after it ended", async () => {
    const { peer } = await requestWith("client");
    expect(identify(peer, [{ match: ["CN:build"] }])).toMatchObject({ code: "not-mapped" });
    const all = [{ match: ["*"] }];
    expect(identify(peer, all)).toMatchObject({ kind: "authenticated" });
    expect(identify(peer, all, Date.UTC(2127, 0))).toMatchObject({ code: "expired" });
  });

  test("has no name it was not given, whatever is written into another one", async () => {
    const { peer } = await requestWith("tricky");
    expect(peer).toMatchObject({
      certificate: {
        names: [
          "CN:guest",
          "URI:https://evil.example/x, DNS:admin.example.org",
          "DNS:guest.example.org",
          expect.stringContaining("SHA256:"),
        ],
      },
    });
    expect(identify(peer, [{ match: ["DNS:admin.example.org"] }])).toMatchObject({
      code: "not-mapped",
    });
  });
});

describe("a certificate that TLS did not verify", () => {
  test("lets nobody in, whatever it says", async () => {
    const { peer } = await requestWith("stranger");
    expect(peer).toMatchObject({ certificate: { isVerified: false } });
    expect(identify(peer, [{ match: ["*"] }])).toMatchObject({ code: "invalid" });
  });
});

test("without a certificate nobody is identified", async () => {
  const { peer } = await requestWith(undefined);
  expect(peer).toEqual({ kind: "tcp", address: "127.0.0.1" });
  expect(identify(peer, [{ match: ["*"] }])).toBeUndefined();
});

describe("parseAlternativeNames", () => {
  test("reads what Node writes", () => {
    const name = fc.string({ unit: "grapheme-ascii", minLength: 1 });
    const kind = fc.constantFrom("DNS", "URI", "email");
    fc.assert(
      fc.property(fc.array(fc.tuple(kind, name)), (names) => {
        const written = names.map(([key, value]) =>
          /^[^",\\']*$/u.test(value) ? `${key}:${value}` : `${key}:${JSON.stringify(value)}`,
        );
        const expected = names.map(([key, value]) => `${key}:${value}`);
        expect(parseAlternativeNames(written.join(", "))).toEqual(expected);
      }),
      { seed: 1 },
    );
  });

  test.each(['DNS:"open', "DNS:a,DNS:b", 'DNS:a"b', "nonsense", 'DNS:"\\x"', "DNS:a, , DNS:b"])(
    "makes nothing of %j",
    (text) => {
      expect(parseAlternativeNames(text)).toEqual([]);
    },
  );

  test("leaves kinds out that nobody can ask for", () => {
    expect(parseAlternativeNames("IP Address:127.0.0.1, othername:<unsupported>, DNS:a")).toEqual([
      "IP:127.0.0.1",
      "DNS:a",
    ]);
  });
});
