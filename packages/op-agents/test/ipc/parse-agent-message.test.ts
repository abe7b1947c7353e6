import * as fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { parseAgentMessage } from "../../src/ipc/parse-agent-message.ts";

describe("messages of agents", () => {
  it.each([
    { type: "ready", protocol: 1, operations: ["a"] },
    { type: "progress", id: 1, data: null },
    { type: "result", id: 1, output: [1] },
    { type: "error", id: 2, error: { code: "E", message: "m", data: { a: 1 } } },
    { type: "pong", id: 3 },
    { type: "log", level: "info", message: "m", fields: { a: 1 } },
  ])("are read: $type", (message) => {
    expect(parseAgentMessage(message)).toEqual(message);
  });

  it.each([
    null,
    [],
    "ready",
    { type: "nonsense" },
    { type: "ready", operations: [] },
    { type: "ready", protocol: 1, operations: [1] },
    { type: "progress", id: "1", data: 1 },
    { type: "progress", id: 1 },
    { type: "result", id: 1.5, output: 1 },
    { type: "error", id: 1, error: { code: 1, message: "m" } },
    { type: "error", id: 1, error: "m" },
    { type: "log", level: "fatal", message: "m" },
  ])("are refused: %j", (message) => {
    expect(parseAgentMessage(message).type).toBe("fault");
  });

  test("nothing that JSON can carry makes the parser throw", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(typeof parseAgentMessage(value).type).toBe("string");
      }),
      { seed: 3 },
    );
  });
});
