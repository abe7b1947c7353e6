import { createHmac } from "node:crypto";
import { expect, test } from "vitest";
import { canonicalJson, createAuditKey, type AuditDraft } from "../../src/index.ts";
import { composeRecord } from "../../src/entry/compose-record.ts";
import { parseEntry } from "../../src/entry/parse-entry.ts";
import { createKeyedDigest } from "../../src/redaction/digest.ts";

const stamp = { nowMs: Date.UTC(2026, 10, 21), monotonicMs: 12.34567 };
const key = createAuditKey("example");
const options = { digest: key.digest, maxArgumentsBytes: 1000 };

const full: AuditDraft = {
  kind: "call-ended",
  principal: "oauth:sub=alice",
  client: { name: "cursor", version: "3" },
  sessionId: "s1",
  requestId: "r1",
  traceId: "4bf92f3577b34da6a3ce929d0e0e4736",
  tool: "unit_restart",
  via: "call_tool",
  source: "dbus",
  risk: "write",
  backend: "systemd-run",
  agent: "executor",
  arguments: { unit: "nginx.service", password: "hunter22" },
  decision: { verdict: "allow", rule: "operators", reason: "within the window" },
  outcome: "failed",
  errorCode: "ERR_DBUS_CALL_FAILED",
  durationMs: 12.5,
  result: { content: [] },
};

test("writes every field canonically, and the schema reads it back", () => {
  const body = composeRecord(full, stamp, options);
  expect(canonicalJson(JSON.parse(body))).toBe(body);
  expect(parseEntry(5, body)).toMatchObject({
    seq: 5,
    v: 1,
    at: "2026-11-21T00:00:00.000Z",
    monotonicMs: 12.346,
    principal: "oauth:sub=alice",
    via: "call_tool",
    arguments: { unit: "nginx.service", password: "[redacted: name]" },
    argumentsBytes: 46,
    resultBytes: 14,
    decision: { verdict: "allow", rule: "operators", reason: "within the window" },
  });
});

test("digests the originals so that only the key's holder can compare a guess", () => {
  const { arguments: raw } = full as { arguments: unknown };
  const entry = parseEntry(0, composeRecord(full, stamp, options));
  expect(entry).toMatchObject({ argumentsDigest: key.digest(canonicalJson(raw)) });
  const withoutKey = composeRecord(full, stamp, { ...options, digest: undefined });
  expect(parseEntry(0, withoutKey)).not.toHaveProperty("argumentsDigest");
});

test("makes digests that are HMAC-SHA-256", () => {
  for (const length of [1, 32, 64, 100]) {
    const secret = Buffer.alloc(length, 7);
    const expected = createHmac("sha256", secret).update("text").digest("base64");
    expect(createKeyedDigest(secret, "k")("text")).toBe(`hmac-sha256:k:${expected}`);
  }
});

test("leaves out arguments that are too long, and keeps their length and digest", () => {
  const draft = {
    kind: "call-began",
    tool: "write",
    arguments: { text: "x".repeat(2000) },
  } as const;
  const entry = parseEntry(0, composeRecord(draft, stamp, options));
  expect(entry).toMatchObject({ argumentsBytes: 2011 });
  expect(entry).not.toHaveProperty("arguments");
});

test("refuses what JSON cannot carry", () => {
  const draft = { kind: "call-began", tool: "t", arguments: { big: 1n } } as const;
  expect(() => composeRecord(draft, stamp, options)).toThrow(
    expect.objectContaining({ code: "ERR_AUDIT_ENTRY" }),
  );
});

test("keeps a secret out of every field that a caller chooses", () => {
  const secret = "ghp_abcdefghijklmnopqrstuvwxyz0123456789";
  const draft: AuditDraft = {
    ...full,
    principal: `oauth:sub=${secret}`,
    client: { name: secret, version: secret },
    sessionId: secret,
    requestId: secret,
    traceId: secret,
    tool: secret,
    arguments: { [secret]: secret, nested: [{ note: `see ${secret}` }] },
    decision: { verdict: "deny", rule: secret, reason: secret },
    result: secret,
  };
  const event: AuditDraft = { kind: "event", event: "limit-hit", details: { header: secret } };
  expect(composeRecord(draft, stamp, options)).not.toContain(secret);
  expect(composeRecord(event, stamp, options)).not.toContain(secret);
});
