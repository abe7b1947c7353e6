import { afterEach, describe, expect, it } from "vitest";
import { guardStdout } from "../../src/index.ts";

const original = Object.getOwnPropertyDescriptor(process, "stdout");

afterEach(() => {
  if (original !== undefined) Object.defineProperty(process, "stdout", original);
});

describe("keeping stdout for the protocol", () => {
  it("gives it to the caller alone; everybody else meets stderr under its name", () => {
    const before = process.stdout;
    expect(guardStdout()).toBe(before);
    expect(process.stdout).toBe(process.stderr);
  });
});
