import * as fc from "fast-check";
import { createManualClock } from "op-core/testing";
import { describe, expect, it } from "vitest";
import { createApprovalCode, digestApprovalCode } from "../../src/policy/approval-code.ts";
import { createApprovalCodes, type ApprovalCodesOptions } from "../../src/policy/approval-codes.ts";
import { createMemoryApprovals } from "../../src/policy/approval-store.ts";

const call = { callDigest: "call", principalId: "oauth:sub=bob", summary: "Stop nginx" };

function codesOf(options: Partial<ApprovalCodesOptions> = {}) {
  const clock = createManualClock({ startMs: 1_000_000 });
  const store = createMemoryApprovals();
  const open = () => createApprovalCodes({ store, clock, ttlMs: 60_000, ...options });
  return { clock, store, codes: open(), open };
}

function codeOf(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error instanceof Error && "code" in error ? error.code : error;
  }
  return undefined;
}

describe("a code", () => {
  it("has 50 random bits, and two of them are never the same", () => {
    const codes = Array.from({ length: 2000 }, () => createApprovalCode().code);
    expect(new Set(codes).size).toBe(codes.length);
    for (const code of codes) expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}$/);
    const letters = new Set(codes.join("").replaceAll("-", ""));
    expect(letters.size).toBe(32);
  });

  it("may be typed in many ways", () => {
    const { code, digest } = createApprovalCode();
    for (const typed of [
      code.toLowerCase(),
      code.replace("-", ""),
      ` ${code} `,
      code.replaceAll("0", "o").replaceAll("1", "l"),
      code.replaceAll("1", "I"),
    ]) {
      expect(digestApprovalCode(typed)).toBe(digest);
    }
  });

  it("is nothing else", () => {
    fc.assert(
      fc.property(fc.string(), (typed) => {
        const plain = typed.replaceAll(/[\s-]/g, "");
        fc.pre(!/^[0-9a-z]{10}$/i.test(plain));
        expect(digestApprovalCode(typed)).toBeUndefined();
      }),
      { seed: 2 },
    );
    expect(digestApprovalCode("UUUUU-UUUUU")).toBeUndefined();
  });
});

describe("approving by a code", () => {
  it("lets the very call through once, in another process too", () => {
    const { codes, open } = codesOf();
    const { code, expiresAtMs } = codes.request(call);
    expect(expiresAtMs).toBe(1_060_000);
    expect(codes.take(call)).toBeUndefined();
    expect(open().look(code, "root")).toMatchObject({ summary: "Stop nginx" });
    expect(open().approve(code, "root")).toMatchObject(call);
    expect(codes.take({ ...call, principalId: "oauth:sub=eve" })).toBeUndefined();
    expect(codes.take({ ...call, callDigest: "other" })).toBeUndefined();
    expect(codes.take(call)).toMatchObject({ by: "root", approvedAtMs: 1_000_000 });
    expect(codes.take(call)).toBeUndefined();
  });

  it("works once for each code", () => {
    const { codes } = codesOf();
    const { code } = codes.request(call);
    codes.approve(code, "root");
    expect(codeOf(() => codes.approve(code, "root"))).toBe("ERR_APPROVAL_CODE_UNKNOWN");
  });

  it("gives the same call the same code while it waits, and another call another one", async () => {
    const { clock, codes } = codesOf();
    const first = codes.request(call);
    await clock.advance(59_999);
    expect(codes.request(call)).toEqual(first);
    expect(codes.pending()).toHaveLength(1);
    expect(codes.request({ ...call, callDigest: "other" }).code).not.toBe(first.code);
    await clock.advance(1);
    expect(codes.request(call).code).not.toBe(first.code);
  });

  it("has an end, for the code and for the approval", async () => {
    const { clock, codes } = codesOf();
    const { code } = codes.request(call);
    await clock.advance(60_000);
    expect(codeOf(() => codes.approve(code, "root"))).toBe("ERR_APPROVAL_CODE_UNKNOWN");
    codes.approve(codes.request(call).code, "root");
    await clock.advance(60_000);
    expect(codes.take(call)).toBeUndefined();
  });

  it("stops whoever guesses, for a while, and nobody else", async () => {
    const { clock, codes } = codesOf({ maxFailures: 3 });
    const { code } = codes.request(call);
    await clock.advance(30_000);
    for (const guess of ["00000-00000", "nonsense", ""]) {
      expect(codeOf(() => codes.approve(guess, "eve"))).toBe("ERR_APPROVAL_CODE_UNKNOWN");
    }
    expect(codeOf(() => codes.approve(code, "eve"))).toBe("ERR_APPROVAL_LOCKED");
    expect(codeOf(() => codes.look(code, "eve"))).toBe("ERR_APPROVAL_LOCKED");
    codes.approve(code, "root");
    await clock.advance(60_001);
    expect(codeOf(() => codes.approve(code, "eve"))).toBe("ERR_APPROVAL_CODE_UNKNOWN");
  });

  it("lets no caller pile calls up", () => {
    const { codes } = codesOf({ maxPendingPerPrincipal: 2 });
    codes.request({ ...call, callDigest: "1" });
    codes.request({ ...call, callDigest: "2" });
    expect(codeOf(() => codes.request({ ...call, callDigest: "3" }))).toBe("ERR_APPROVAL_BACKLOG");
    codes.request({ ...call, callDigest: "1" });
    codes.request({ ...call, callDigest: "3", principalId: "oauth:sub=alice" });
  });

  it("keeps no code, and cuts what is endless", () => {
    const { codes, store } = codesOf();
    const { code } = codes.request({ ...call, summary: "x".repeat(100_000) });
    const [kept] = store.pending(1_000_000);
    expect(JSON.stringify(kept)).not.toContain(code.replace("-", ""));
    expect(kept?.summary.length).toBe(2000);
  });
});
