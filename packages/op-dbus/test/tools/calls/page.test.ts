import { describe, expect, it } from "vitest";
import { pageOf } from "../../../src/tools/calls/page.ts";

const numbers = Array.from({ length: 500 }, (_, index) => index);

describe("a page of an answer", () => {
  it("is all of it where that is little", () => {
    const answer = { units: [1, 2], count: 2, names: { a: 1 } };
    expect(pageOf(answer, {})).toEqual(answer);
  });

  it("cuts long lists and dictionaries, and says where it goes on", () => {
    const page = pageOf({ numbers, one: 1 }, { offset: 490 });
    expect(page["numbers"]).toEqual(numbers.slice(490));
    expect(page["more"]).toEqual({ numbers: { offset: 490, returned: 10, total: 500 } });
    const dictionary = Object.fromEntries(numbers.map((number) => [`k${number}`, number]));
    expect(pageOf({ dictionary }, { limit: 1 })).toEqual({
      dictionary: { k0: 0 },
      more: { dictionary: { offset: 0, returned: 1, total: 500 } },
    });
  });

  it("has the fields that are wanted: outputs, or else keys of dictionaries", () => {
    const answer = { a: 1, b: { c: 2, d: 3 } };
    expect(pageOf(answer, { fields: ["a"] })).toEqual({ a: 1 });
    expect(pageOf({ b: answer.b }, { fields: ["d"] })).toEqual({ b: { d: 3 } });
  });
});
