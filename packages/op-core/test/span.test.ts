import { failureCode, inSpan, OpError } from "op-core";
import { createRecordingTracer } from "op-core/testing";
import { describe, expect, it } from "vitest";

class LostError extends OpError {
  readonly code = "ERR_LOST";
}

describe("a part of some work", () => {
  it("is done all the same where nothing is traced", async () => {
    const seen = await inSpan(undefined, { name: "part" }, (span) => Promise.resolve(span));
    expect(seen).toBeUndefined();
  });

  it("is a child, which ends with it and knows how it failed", async () => {
    const tracer = createRecordingTracer();
    const whole = tracer.start("whole", { kind: "server" });
    const attributes = { size: 1 };
    await inSpan(whole, { name: "good", kind: "client", attributes }, async (span) => {
      span?.set({ found: true });
      await Promise.resolve();
    });
    const lost = inSpan(whole, { name: "bad" }, () => Promise.reject(new LostError("gone")));
    await expect(lost).rejects.toThrow("gone");
    expect(tracer.spans).toMatchObject([
      { name: "whole", kind: "server", parent: undefined, isEnded: false },
      { name: "good", parent: "whole", attributes: { size: 1, found: true }, isEnded: true },
      { name: "bad", kind: "internal", parent: "whole", failure: "ERR_LOST", isEnded: true },
    ]);
  });

  it("fails by a code or a kind, and never by what an error says", () => {
    const codes = [new LostError("secret"), new TypeError("secret"), "secret"].map(failureCode);
    expect(codes).toEqual(["ERR_LOST", "TypeError", "unknown"]);
  });
});
