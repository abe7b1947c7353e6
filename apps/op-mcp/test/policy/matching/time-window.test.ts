import { describe, expect, it } from "vitest";
import { compileTimeWindow, createWalls } from "../../../src/policy/matching/time-window.ts";
import { TimeWindow } from "../../../src/policy/policy-rule-config.ts";

const days = { from: "00:00", to: "24:00", timezone: "UTC" };

function isOpen(window: Partial<TimeWindow>, at: string): string {
  const compiled = compileTimeWindow(TimeWindow.parse(window), createWalls());
  if (!("test" in compiled) || compiled.test === undefined) throw new Error("there is no test");
  return compiled.test(Date.parse(at));
}

describe("a window", () => {
  it("has its first minute and not its last", () => {
    const office = { from: "08:30", to: "17:00" };
    expect(isOpen(office, "2026-10-05T08:29:59.999Z")).toBe("no");
    expect(isOpen(office, "2026-10-05T08:30:00Z")).toBe("yes");
    expect(isOpen(office, "2026-10-05T16:59:59.999Z")).toBe("yes");
    expect(isOpen(office, "2026-10-05T17:00:00Z")).toBe("no");
  });

  it("has days, and over midnight belongs to the day on which it begins", () => {
    expect(isOpen({ ...days, days: ["mon"] }, "2026-10-05T23:59:00Z")).toBe("yes");
    expect(isOpen({ ...days, days: ["mon"] }, "2026-10-06T00:00:00Z")).toBe("no");
    const friday = { days: ["fri" as const], from: "22:00", to: "06:00" };
    expect(isOpen(friday, "2026-10-09T21:59:00Z")).toBe("no");
    expect(isOpen(friday, "2026-10-09T22:00:00Z")).toBe("yes");
    expect(isOpen(friday, "2026-10-10T05:59:00Z")).toBe("yes");
    expect(isOpen(friday, "2026-10-10T06:00:00Z")).toBe("no");
    expect(isOpen(friday, "2026-10-10T22:30:00Z")).toBe("no");
    const sunday = { days: ["sun" as const], from: "22:00", to: "06:00" };
    expect(isOpen(sunday, "2026-10-12T01:00:00Z")).toBe("yes");
  });

  it("goes by the clock on the wall, also when it is turned", () => {
    const office = { from: "08:00", to: "09:00", timezone: "Europe/Berlin" };
    expect(isOpen(office, "2026-07-01T06:30:00Z")).toBe("yes");
    expect(isOpen(office, "2026-12-01T06:30:00Z")).toBe("no");
    expect(isOpen(office, "2026-12-01T07:30:00Z")).toBe("yes");
    // On 25 October the hour from 02:00 comes twice.
    const night = { from: "02:00", to: "03:00", timezone: "Europe/Berlin" };
    expect(isOpen(night, "2026-10-25T00:30:00Z")).toBe("yes");
    expect(isOpen(night, "2026-10-25T01:30:00Z")).toBe("yes");
    expect(isOpen(night, "2026-10-25T02:00:00Z")).toBe("no");
  });

  it("is told from another day's in the same zone, asked to and fro", () => {
    const compiled = compileTimeWindow(
      TimeWindow.parse({ days: ["mon"], timezone: "Asia/Kolkata" }),
      createWalls(),
    );
    if (!("test" in compiled)) throw new Error("there is no test");
    const monday = Date.parse("2026-10-04T18:30:00Z");
    expect(compiled.test?.(monday)).toBe("yes");
    expect(compiled.test?.(monday - 60_000)).toBe("no");
    expect(compiled.test?.(monday)).toBe("yes");
  });

  it("is neither open nor closed at no time at all", () => {
    expect(isOpen({ from: "08:30" }, "never")).toBe("unknown");
  });

  it("needs no test where it is always open", () => {
    expect(compileTimeWindow(TimeWindow.parse({}), createWalls())).toEqual({});
  });

  it.each([{ from: "24:00" }, { from: "8:00" }, { to: "24:01" }, { from: "08:00", to: "08:00" }])(
    "is not %j",
    (window) => {
      expect(compileTimeWindow(TimeWindow.parse(window), createWalls())).toHaveProperty("problem");
    },
  );
});
