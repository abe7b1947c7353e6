import { expect, test } from "vitest";
import { isJsonObject } from "../src/json.ts";

test("only what JSON writes in braces is an object", () => {
  expect([{}, { a: 1 }, Object.create(null)].every(isJsonObject)).toBe(true);
  expect([null, undefined, [], "{}", 1, true].some(isJsonObject)).toBe(false);
});
