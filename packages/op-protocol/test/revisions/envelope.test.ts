import { describe, expect, it } from "vitest";
import {
  hasEnvelope,
  isLogLevel,
  parseClientLabel,
  parseEnvelope,
} from "../../src/revisions/envelope.ts";
import {
  isLegacyRevision,
  isModernRevision,
  negotiateRevision,
} from "../../src/revisions/revision.ts";
import { modernMeta } from "../fixtures/raw-client.ts";

describe("the envelope of a stateless request", () => {
  it("says the revision, the client, what it can do and what it wants to hear", () => {
    const meta = modernMeta(
      { elicitation: {} },
      { "io.modelcontextprotocol/logLevel": "warning", other: 1 },
    );
    expect(hasEnvelope(meta)).toBe(true);
    expect(parseEnvelope(meta)).toEqual({
      revision: "2026-07-28",
      client: { name: "raw", version: "1" },
      capabilities: { elicitation: {} },
      logLevel: "warning",
    });
  });

  it.each([
    ["no version", { "io.modelcontextprotocol/protocolVersion": 5 }, -32_602],
    ["another era's version", { "io.modelcontextprotocol/protocolVersion": "2025-11-25" }, -32_022],
    ["capabilities that are a list", { "io.modelcontextprotocol/clientCapabilities": [] }, -32_602],
    ["an unknown log level", { "io.modelcontextprotocol/logLevel": "loud" }, -32_602],
  ])("with %s is refused", (_what, wrong, rpcCode) => {
    expect(() => parseEnvelope({ ...modernMeta(), ...wrong })).toThrow(
      expect.objectContaining({ rpcCode }),
    );
  });

  it("does not need the client to introduce itself", () => {
    expect(parseClientLabel({ name: "x" })).toBeUndefined();
    expect(parseClientLabel("x")).toBeUndefined();
    expect(isLogLevel("info") && !isLogLevel("loud")).toBe(true);
  });
});

describe("revisions", () => {
  it("belong to one era each, and a handshake settles on one it has", () => {
    expect(isModernRevision("2026-07-28") && !isLegacyRevision("2026-07-28")).toBe(true);
    expect(negotiateRevision("2024-11-05")).toBe("2024-11-05");
    expect(negotiateRevision("2026-07-28")).toBe("2025-11-25");
  });
});
