import { DeadlineExceededError, formatError, ServiceOpenError } from "op-core";
import { expect, test } from "vitest";

test.each([
  [
    new DeadlineExceededError("Reading the journal", 50),
    "Reading the journal took longer than 50 ms. Try again, or allow it more time.",
  ],
  [
    new ServiceOpenError("http", new Error("listen EADDRINUSE")),
    "Opening http failed: listen EADDRINUSE",
  ],
  [new TypeError("x is not a function"), "x is not a function"],
  [new RangeError(""), "RangeError"],
  [new AggregateError([new Error("no route"), new Error("refused")]), "no route; refused"],
  ["a string", "a string"],
  [undefined, "undefined"],
  [{ secret: "s" }, "Something that is not an error was thrown."],
])("says what happened, without a stack: %o", (error, expected) => {
  expect(formatError(error)).toBe(expected);
});
