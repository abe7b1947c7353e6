import { assert, property, string } from "fast-check";
import { describe, expect, it } from "vitest";
import { isJsonType, parseAccept } from "../../src/http/content-negotiation.ts";

const both = { json: true, events: true };

describe("an Accept header", () => {
  it.each([
    [undefined, both],
    ["application/json, text/event-stream", both],
    ["text/event-stream,application/json;q=0.1", both],
    ["*/*", both],
    ["APPLICATION/JSON", { json: true, events: false }],
    ["text/*", { json: false, events: true }],
    ["*/*, application/json;q=0", { json: false, events: true }],
    ["*/*;q=0, text/event-stream", { json: false, events: true }],
    ["text/html", { json: false, events: false }],
    ["", { json: false, events: false }],
  ])("%j allows %j", (header, accepted) => {
    expect(parseAccept(header)).toEqual(accepted);
  });

  it("of any kind is read", () => {
    assert(
      property(string(), (header) => {
        expect(Object.values(parseAccept(header)).every((one) => typeof one === "boolean")).toBe(
          true,
        );
        expect(typeof isJsonType(header)).toBe("boolean");
      }),
      { seed: 3 },
    );
  });
});
