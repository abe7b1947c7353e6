import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Challenges } from "../../src/auth/challenges.ts";

const challenges = new Challenges({
  resourceMetadataUrl: "https://mcp.example.org/.well-known/oauth-protected-resource/mcp",
  scopes: ["mcp.read"],
});

describe("Challenges", () => {
  test("tell a client without a token where and for what to get one, and of no error", () => {
    expect(challenges.forRefusal({ code: "no-credential", reason: "" })).toBe(
      'Bearer realm="op-mcp", scope="mcp.read", resource_metadata="https://mcp.example.org/.well-known/oauth-protected-resource/mcp"',
    );
  });

  test("tell what is wrong with a token", () => {
    const header = challenges.forRefusal({ code: "expired", reason: "The token has expired." });
    expect(header).toContain(
      'error="invalid_token", error_description="The token has expired.", scope="mcp.read"',
    );
  });

  test("ask for the scopes a call turned out to need", () => {
    expect(challenges.insufficientScope(["mcp.write", "mcp.admin"])).toEqual({
      kind: "refused",
      status: 403,
      code: "insufficient-scope",
      method: "oauth",
      reason: "This needs a token with the scope mcp.write mcp.admin.",
      wwwAuthenticate: expect.stringContaining(
        'error="insufficient_scope", error_description="This needs a token with the scope mcp.write mcp.admin.", scope="mcp.write mcp.admin", resource_metadata=',
      ),
    });
  });

  test("are not made where another token would not help", () => {
    for (const code of ["not-mapped", "too-many-attempts", "unavailable"] as const) {
      expect(challenges.forRefusal({ code, reason: "" })).toBeUndefined();
    }
  });

  test("name no metadata where there is no issuer", () => {
    const local = new Challenges({ scopes: [] });
    expect(local.forRefusal({ code: "no-credential", reason: "" })).toBe('Bearer realm="op-mcp"');
  });

  test("hold together whatever is written into them", () => {
    const text = fc.string({ unit: "binary" });
    fc.assert(
      fc.property(text, fc.array(text), (reason, neededScopes) => {
        const header = challenges.forRefusal({ code: "invalid", reason, neededScopes });
        expect(header).toMatch(/^Bearer [a-z_]+="[^"\\]*"(?:, [a-z_]+="[^"\\]*")*$/u);
        expect(header).toMatch(/^[\x20-\x7E]*$/u);
      }),
      { seed: 1 },
    );
  });
});
