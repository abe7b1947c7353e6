import { createManualClock } from "op-core/testing";
import { describe, expect, it } from "vitest";
import { digestCall } from "../../src/policy/call-digest.ts";
import { createRememberedApprovals } from "../../src/policy/remembered-approvals.ts";

const call = {
  principalId: "oauth:sub=bob",
  source: "dbus",
  tool: "unit_stop",
  args: { unit: "nginx", options: { a: 1, b: [1, 2] } },
  subject: "pid 7",
};

describe("the digest of a call", () => {
  it("is the same for the very same call, in whatever order its arguments are", () => {
    const turned = { options: { b: [1, 2], a: 1 }, unit: "nginx" };
    expect(digestCall({ ...call, args: turned })).toBe(digestCall(call));
    expect(digestCall(call)).toMatch(/^[0-9a-f]{64}$/);
  });

  it("is another for any other call", () => {
    const { subject: _, ...withoutSubject } = call;
    const others = [
      call,
      { ...call, principalId: "oauth:sub=eve" },
      { ...call, source: "agents" },
      { ...call, tool: "unit_start" },
      { ...call, args: { ...call.args, unit: "sshd" } },
      { ...call, args: { ...call.args, options: { a: 1, b: [2, 1] } } },
      { ...call, args: { ...call.args, options: { a: "1", b: [1, 2] } } },
      { ...call, subject: "pid 8" },
      withoutSubject,
    ];
    expect(new Set(others.map(digestCall)).size).toBe(others.length);
  });
});

describe("a yes", () => {
  it("is remembered for as long as the decision at hand says", async () => {
    const clock = createManualClock();
    const approvals = createRememberedApprovals({ clock });
    const digest = digestCall(call);
    expect(approvals.isRemembered(digest, 1000)).toBe(false);
    approvals.remember(digest);
    await clock.advance(999);
    expect(approvals.isRemembered(digest, 1000)).toBe(true);
    expect(approvals.isRemembered(digest, 0)).toBe(false);
    expect(approvals.isRemembered(digest, 500)).toBe(false);
    expect(approvals.isRemembered(digestCall({ ...call, tool: "other" }), 1000)).toBe(false);
    await clock.advance(1);
    expect(approvals.isRemembered(digest, 1000)).toBe(false);
  });

  it("is never remembered for no time at all", () => {
    const approvals = createRememberedApprovals({ clock: createManualClock() });
    approvals.remember("digest");
    expect(approvals.isRemembered("digest", 0)).toBe(false);
  });

  it("is forgotten when there are too many, or at the end", () => {
    const approvals = createRememberedApprovals({ clock: createManualClock(), maxRemembered: 2 });
    for (const digest of ["a", "b", "c"]) approvals.remember(digest);
    expect(["a", "b", "c"].map((digest) => approvals.isRemembered(digest, 1))).toEqual([
      false,
      true,
      true,
    ]);
    approvals[Symbol.dispose]();
    expect(approvals.isRemembered("c", 1)).toBe(false);
  });
});
