import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readCredential } from "../../src/auth/read-credential.ts";
import { bearer, request } from "./request.ts";

describe("readCredential", () => {
  test("finds the token however the header is written", () => {
    for (const [name, value] of [
      ["Authorization", "Bearer abc.def-_~+/=="],
      ["authorization", "bearer   abc.def-_~+/=="],
      ["AUTHORIZATION", "BEARER abc.def-_~+/== "],
    ] as const) {
      const token = "abc.def-_~+/==";
      expect(readCredential(request([[name, value]]))).toEqual({ kind: "bearer", token });
    }
  });

  test("finds nothing where nothing is", () => {
    expect(readCredential(request([["Proxy-Authorization", "Bearer abc"]]))).toEqual({
      kind: "none",
    });
  });

  test.each([
    [
      "two headers",
      [
        ["Authorization", "Bearer a"],
        ["authorization", "Bearer a"],
      ],
      "malformed",
    ],
    ["two tokens in one header", [["Authorization", "Bearer a, Bearer b"]], "malformed"],
    ["two words", [["Authorization", "Bearer a b"]], "malformed"],
    ["no token", [["Authorization", "Bearer"]], "malformed"],
    ["an empty token", [["Authorization", "Bearer  "]], "malformed"],
    ["padding in the middle", [["Authorization", "Bearer a=b"]], "malformed"],
    ["a tab", [["Authorization", "Bearer\ta"]], "malformed"],
    ["bytes above ASCII", [["Authorization", "Bearer ab\u00ff"]], "malformed"],
    ["an oversized token", [["Authorization", `Bearer ${"a".repeat(8193)}`]], "malformed"],
    ["a megabyte", [["Authorization", `Bearer ${"a".repeat(2 ** 20)}=b`]], "malformed"],
    ["a password", [["Authorization", "Basic YTpi"]], "unsupported-scheme"],
    ["a token for proof of possession", [["Authorization", "DPoP abc"]], "unsupported-scheme"],
    ["nothing in the header", [["Authorization", ""]], "unsupported-scheme"],
  ] as const)("refuses %s", (_what, headers, code) => {
    expect(readCredential(request(headers))).toMatchObject({ kind: "refused", code });
  });

  test.each([
    "/mcp?access_token=abc",
    "/mcp?x=1&ACCESS_TOKEN=abc",
    "/mcp?access%5Ftoken=abc",
    "/mcp?token=abc",
    "/mcp?api_key=",
  ])("refuses a token in the URL: %s", (url) => {
    expect(readCredential(request([], { url }))).toMatchObject({ code: "token-in-url" });
    const both = request([["Authorization", "Bearer abc"]], { url });
    expect(readCredential(both)).toMatchObject({ code: "token-in-url" });
  });

  test("takes every token RFC 6750 allows, and gives it back as it was", () => {
    const token = fc.stringMatching(/^[A-Za-z0-9._~+/-]{1,40}={0,2}$/u);
    fc.assert(
      fc.property(token, (text) => {
        expect(readCredential(bearer(text))).toEqual({ kind: "bearer", token: text });
      }),
      { seed: 1 },
    );
  });

  test("never throws, and never takes a token out of what is none", () => {
    const value = fc.oneof(
      fc.string({ unit: "binary", maxLength: 60 }),
      fc.string({ unit: fc.constantFrom("B", "b", "earer", " ", ",", "=", "a", ".") }),
    );
    fc.assert(
      fc.property(fc.array(value, { maxLength: 3 }), (values) => {
        const found = readCredential(request(values.map((text) => ["Authorization", text])));
        if (found.kind !== "bearer") return;
        expect(values).toHaveLength(1);
        expect(values[0]).toMatch(/^bearer /iu);
        expect(values[0]?.slice(6).trim()).toBe(found.token);
        expect(found.token).not.toMatch(/[\s,]/u);
      }),
      { seed: 1, numRuns: 2000 },
    );
  });
});
