import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonicalResource, isTrustedUrl } from "../../../src/auth/oauth/canonical-resource.ts";
import { createResourceMetadata } from "../../../src/auth/oauth/resource-metadata.ts";

const metadata = createResourceMetadata({
  resource: "https://mcp.example.org/mcp",
  issuers: ["https://login.example.org/tenant"],
  scopes: ["mcp.read"],
  isMutualTls: true,
});

describe("the metadata of the resource", () => {
  test("says what RFC 9728 wants to be said", () => {
    expect(metadata.url).toBe("https://mcp.example.org/.well-known/oauth-protected-resource/mcp");
    expect(metadata.document).toEqual({
      resource: "https://mcp.example.org/mcp",
      resource_name: "op-mcp",
      authorization_servers: ["https://login.example.org/tenant"],
      bearer_methods_supported: ["header"],
      scopes_supported: ["mcp.read"],
      tls_client_certificate_bound_access_tokens: true,
    });
  });

  test("is where clients look: behind the path, behind those of views, and at the root", () => {
    const base = "/.well-known/oauth-protected-resource";
    for (const path of [base, `${base}/mcp`, `${base}/mcp/search`]) {
      const answer = metadata.answer(path);
      expect(answer?.headers).toMatchObject({ "content-type": "application/json" });
      expect(JSON.parse(answer?.body ?? "")).toEqual(metadata.document);
    }
    for (const path of [`${base}/`, `${base}/mcpx`, `${base}/other`, "/mcp", "/"]) {
      expect(metadata.answer(path)).toBeUndefined();
    }
  });

  test("of a server at the root is at the root", () => {
    const root = createResourceMetadata({
      resource: "https://mcp.example.org",
      issuers: ["https://login.example.org"],
      scopes: [],
      isMutualTls: false,
    });
    expect(root.url).toBe("https://mcp.example.org/.well-known/oauth-protected-resource");
    expect(Object.keys(root.document)).not.toContain("scopes_supported");
  });
});

describe("canonicalResource", () => {
  test.each([
    ["https://MCP.Example.org:443/mcp/", "https://mcp.example.org/mcp"],
    ["https://mcp.example.org", "https://mcp.example.org"],
    ["https://mcp.example.org/", "https://mcp.example.org"],
    ["http://127.0.0.1:8080/mcp", "http://127.0.0.1:8080/mcp"],
    ["https://mcp.example.org/MCP", "https://mcp.example.org/MCP"],
  ])("writes %s as %s", (text, canonical) => {
    expect(canonicalResource(text)).toBe(canonical);
  });

  test.each(["", "mcp", "urn:mcp", "ftp://a/b", "https://a/b#c", "https://u:p@a/b"])(
    "makes nothing of %j",
    (text) => {
      expect(canonicalResource(text)).toBeUndefined();
    },
  );

  test("is the same when it is written again", () => {
    fc.assert(
      fc.property(fc.webUrl({ withQueryParameters: true }), (url) => {
        const once = canonicalResource(url);
        expect(once).toBeDefined();
        expect(canonicalResource(once ?? "")).toBe(once);
      }),
      { seed: 1 },
    );
  });
});

test("only TLS or this machine is trusted to be who it says", () => {
  const trusted = [
    "https://a.example",
    "http://127.0.0.1:1/x",
    "http://[::1]/",
    "http://localhost",
  ];
  const others = ["http://a.example", "http://localhost.evil.example", "https://u@a.example", "x"];
  expect(trusted.filter((url) => !isTrustedUrl(url))).toEqual([]);
  expect(others.filter(isTrustedUrl)).toEqual([]);
});
