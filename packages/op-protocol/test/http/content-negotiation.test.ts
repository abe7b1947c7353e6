import { assert, property, string } from "fast-check";
import { describe, expect, it } from "vitest";
import { isJsonType, parseAccept } from "../../src/http/content-negotiation.ts";

const both = { json: true, events: true, prefersEvents: false };
const neither = { json: false, events: false, prefersEvents: false };
const onlyEvents = { json: false, events: true, prefersEvents: true };

describe("an Accept header", () => {
  it.each([
    [undefined, both],
    ["application/json, text/event-stream", both],
    ["text/event-stream,application/json;q=0.1", { ...both, prefersEvents: true }],
    ["application/json;q=0.1, text/event-stream", { ...both, prefersEvents: true }],
    ["text/event-stream, application/json", { ...both, prefersEvents: true }],
    ["text/event-stream;q=0.5, application/json", both],
    ["*/*", both],
    ["APPLICATION/JSON", { ...neither, json: true }],
    ["text/*", onlyEvents],
    ["*/*, application/json;q=0", onlyEvents],
    ["*/*;q=0, text/event-stream", onlyEvents],
    ["text/html", neither],
    ["", neither],
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
