import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { classifyMessage } from "../../src/json-rpc/json-rpc-message.ts";

describe("what a parsed message is", () => {
  it.each([
    [{ jsonrpc: "2.0", id: "a", method: "m", params: { x: 1 } }, "request"],
    [{ jsonrpc: "2.0", id: 0, method: "m" }, "request"],
    [{ jsonrpc: "2.0", method: "m" }, "notification"],
    [{ jsonrpc: "2.0", id: 1, result: {} }, "response"],
    [{ jsonrpc: "2.0", id: 1, error: { code: -1, message: "no", data: [1] } }, "response"],
    [{ jsonrpc: "2.0", id: 1, error: "no" }, "invalid"],
    [{ jsonrpc: "2.0", result: {} }, "invalid"],
    [{ jsonrpc: "2.0", id: 2 ** 60, method: "m" }, "invalid"],
  ])("%j is a %s", (message, kind) => {
    expect(classifyMessage(message).kind).toBe(kind);
  });

  it("is always told, whatever was parsed", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(["request", "notification", "response", "invalid"]).toContain(
          classifyMessage(value).kind,
        );
      }),
      { seed: 5, numRuns: 2000 },
    );
  });

  it("names the request a refusal belongs to, where it can be told", () => {
    expect(classifyMessage({ id: 5, method: "m" })).toEqual({
      kind: "invalid",
      id: 5,
      problem: expect.any(String),
    });
    expect(classifyMessage({ id: {}, method: "m" })).not.toHaveProperty("id");
  });
});
