import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isToolName, parseToolName, toDistinctToolName, toToolName } from "../../src/index.ts";

const seed = 20_261_121;

describe("names that clients accept", () => {
  it.each([
    ["restart_unit", "restart_unit"],
    ["org.freedesktop.systemd1", "org_freedesktop_systemd1"],
    ["a  b//c", "a_b_c"],
  ])("%s becomes %s", (raw, name) => {
    expect(toToolName(raw)).toBe(name);
  });

  it("anything becomes a name, the same every time, and a good name stays as it is", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (raw) => {
        const name = toToolName(raw);
        expect(isToolName(name)).toBe(true);
        expect(toToolName(raw)).toBe(name);
        expect(toToolName(name)).toBe(name);
        expect(isToolName(toDistinctToolName(raw))).toBe(true);
      }),
      { seed },
    );
  });

  it("long names stay apart although they are cut", () => {
    const common = "x".repeat(60);
    expect(toToolName(`${common}a`)).not.toBe(toToolName(`${common}b`));
  });

  it("a bad name is refused with what is allowed", () => {
    expect(() => parseToolName("a.b")).toThrow(
      expect.objectContaining({
        code: "ERR_TOOL_NAME_INVALID",
        advice: expect.stringContaining("48"),
      }),
    );
  });
});
