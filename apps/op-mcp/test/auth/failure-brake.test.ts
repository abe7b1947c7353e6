import * as fc from "fast-check";
import { createManualClock } from "op-core/testing";
import { describe, expect, test } from "vitest";
import { FailureBrake, sourceOf } from "../../src/auth/failure-brake.ts";

const rules = { freeFailures: 2, initialDelayMs: 1000, maxDelayMs: 8000, maxSources: 3 };

describe("FailureBrake", () => {
  test("doubles the wait with each failure, up to a bound", () => {
    const brake = new FailureBrake(rules, createManualClock());
    const waits = Array.from({ length: 7 }, () => {
      brake.failed(["a"]);
      return brake.waitMs(["a"]);
    });
    expect(waits).toEqual([0, 0, 1000, 2000, 4000, 8000, 8000]);
    expect(brake.waitMs(["b"])).toBe(0);
    expect(brake.waitMs(["b", "a"])).toBe(8000);
  });

  test("lets a source try again after its wait, and forgets it after a quiet hour", async () => {
    const clock = createManualClock();
    const brake = new FailureBrake(rules, clock);
    for (let count = 0; count < 4; count += 1) brake.failed(["a"]);
    await clock.advance(1999);
    expect(brake.waitMs(["a"])).toBe(1);
    await clock.advance(1);
    expect(brake.waitMs(["a"])).toBe(0);
    await clock.advance(60 * 60_000);
    brake.failed(["a"]);
    expect(brake.waitMs(["a"])).toBe(0);
  });

  test("remembers a bounded number of sources, the latest ones", () => {
    const brake = new FailureBrake({ ...rules, freeFailures: 0 }, createManualClock());
    brake.failed(["a", "b", "c", "d"]);
    expect(["a", "b", "c", "d"].map((source) => brake.waitMs([source]))).toEqual([
      0, 1000, 1000, 1000,
    ]);
  });
});

describe("sourceOf", () => {
  test.each([
    ["192.0.2.7", "192.0.2.7"],
    ["::ffff:192.0.2.7", "192.0.2.7"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
    ["2001:DB8:0001:2::6", "2001:db8:1:2::/64"],
    ["2001:db8::1", "2001:db8:0:0::/64"],
    ["::1", "0:0:0:0::/64"],
    ["fe80::1%eth0", "fe80:0:0:0::/64"],
    ["unix:uid=1000", "unix:uid=1000"],
    ["unknown", "unknown"],
  ])("%s counts as %s", (address, source) => {
    expect(sourceOf(address)).toBe(source);
  });

  test("an IPv6 address counts as every other of its network", () => {
    fc.assert(
      fc.property(fc.ipV6(), (address) => {
        expect(sourceOf(address)).toMatch(/^(?:[0-9a-f]{1,4}:){4}:\/64$|^\d+\.\d+\.\d+\.\d+$/u);
      }),
      { seed: 1 },
    );
  });
});
