import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { redact, redactText, secretMarks } from "../../src/index.ts";

const pem = "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA7\n-----END RSA PRIVATE KEY-----";

describe("secrets known by their form", () => {
  test.each([
    [
      "a password in a URL",
      "postgres://bob:s3cr3t@db/x",
      "postgres://bob:[redacted: url-password]@db/x",
    ],
    [
      "a bearer token",
      "Authorization: Bearer abcDEF123456",
      "Authorization: Bearer [redacted: bearer]",
    ],
    ["a private key", `key ${pem} end`, "key [redacted: pem] end"],
    ["a JWT", "t eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.sig-na_ture x", "t [redacted: jwt] x"],
    ["a GitHub token", "ghp_abcdefghijklmnopqrstuvwxyz0123456789", "[redacted: github]"],
    ["an AWS key", "id AKIAIOSFODNN7EXAMPLE.", "id [redacted: aws]."],
    ["an API key", "use sk-ant-api03-abcdefghijklmnop", "use [redacted: api-key]"],
    [
      "an assignment",
      "mysql --password=hunter22 -u root",
      "mysql --password=[redacted: assignment] -u root",
    ],
    ["an assignment in JSON", '{"api_key": "abc123"}', '{"api_key": "[redacted: assignment]"}'],
  ])("%s", (_what, text, expected) => {
    expect(redactText(text)).toBe(expected);
  });

  test.each([
    "https://example.org/a:b@c",
    "restart nginx.service",
    "token bucket",
    "/etc/passwd",
    "key",
  ])("leaves %s alone", (text) => {
    expect(redactText(text)).toBe(text);
  });

  test("takes time in proportion to the text", () => {
    const nasty = [
      "-----BEGIN PRIVATE KEY-----",
      "a://".repeat(9),
      "password=",
      "bearer ",
      "eyJ",
      "ghp_",
    ];
    for (const part of nasty) {
      const started = performance.now();
      redactText(part.repeat(100_000 / part.length));
      expect(performance.now() - started).toBeLessThan(2000);
    }
  });
});

describe("secrets known by the name of their field", () => {
  test.each([
    "password",
    "PASSWORD",
    "db_password",
    "api-key",
    "apiKey",
    "clientSecret",
    "token",
    "access_token",
    "Authorization",
    "cookie",
  ])("%s", (name) => {
    expect(redact({ [name]: "x" })).toEqual({ value: { [name]: "[redacted: name]" }, count: 1 });
    expect(redact([{ [name]: { deep: [1] } }]).value).toEqual([{ [name]: "[redacted: name]" }]);
  });

  test.each(["tokens_used", "path", "unit", "keyboard", "author", "passive", "hasPassword"])(
    "leaves %s alone",
    (name) => {
      const value = { [name]: name === "hasPassword" ? true : "x" };
      expect(redact(value)).toEqual({ value, count: 0 });
    },
  );
});

test("heeds what a schema marks", () => {
  const schema = {
    type: "object",
    properties: {
      pin: { type: "string", writeOnly: true },
      list: { type: "array", items: { $ref: "#/$defs/secret" } },
      either: { anyOf: [{ type: "object", properties: { inner: { format: "password" } } }] },
      open: { type: "string" },
    },
    additionalProperties: { "x-secret": true },
    $defs: { secret: { type: "string", "x-secret": true } },
  };
  const value = {
    pin: "1",
    list: ["a", "b"],
    either: { inner: "c", plain: "d" },
    open: "e",
    other: "f",
  };
  expect(redact(value, secretMarks(schema)).value).toEqual({
    pin: "[redacted: name]",
    list: ["[redacted: schema]", "[redacted: schema]"],
    either: { inner: "[redacted: schema]", plain: "d" },
    open: "e",
    other: "[redacted: schema]",
  });
  expect(secretMarks({ type: "object", properties: { open: {} } })).toBeUndefined();
});

test("follows a schema that refers to itself", () => {
  const schema = { properties: { next: { $ref: "#" }, hidden: { "x-secret": true } } };
  const value = { hidden: "1", next: { hidden: "2", next: { hidden: "3" } } };
  expect(JSON.stringify(redact(value, secretMarks(schema)).value)).not.toMatch(/"[123]"/);
});

test("keeps whatever is no secret, also keys that objects are born with, and changes no original", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const before = JSON.stringify(value);
      const { value: redacted, count } = redact(value);
      const kept: unknown = count === 0 ? JSON.parse(JSON.stringify(redacted)) : value;
      expect(kept).toEqual(JSON.parse(before));
      expect(JSON.stringify(value)).toBe(before);
    }),
    { seed: 7, numRuns: 300 },
  );
  const tricky = JSON.parse('{"__proto__": {"a": 1}, "constructor": 2}') as object;
  expect(JSON.stringify(redact(tricky).value)).toBe('{"__proto__":{"a":1},"constructor":2}');
});
