import { unnamedKey } from "op-protocol/client";
import { describe, expect, it } from "vitest";
import { QuestionKeys } from "../../src/calls/question-keys.ts";

const form = (message: string) => ({ method: "elicitation/create", params: { message } }) as const;

describe("the key of a question", () => {
  it("is the server's own, the same each time", () => {
    const keys = new QuestionKeys();
    expect(keys.keyFor("name", form("Name?"))).toBe("name");
    expect(keys.keyFor("name", form("Name?"))).toBe("name");
  });

  it("is another one where the server asks something else under it, or names none", () => {
    const keys = new QuestionKeys();
    keys.keyFor("name", form("Your name?"));
    const again = keys.keyFor("name", form("Delete everything?"));
    expect(again).toMatch(/^name_[0-9a-f]{16}$/u);
    expect(keys.keyFor("name", form("Delete everything?"))).toBe(again);
    const unnamed = ["a", "b"].map((message) => keys.keyFor(unnamedKey, form(message)));
    expect(new Set(unnamed).size).toBe(2);
  });
});
