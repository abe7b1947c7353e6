import { describe, expect, it } from "vitest";
import { createChangedKeys } from "../../src/plugin/changed-keys.ts";
import { fingerprintOf } from "../../src/index.ts";

describe("keys that may have changed", () => {
  it("come once however often they changed, and end with the signal", async () => {
    const changed = createChangedKeys();
    const stop = new AbortController();
    changed.add(["a", "b", "a"]);
    const events = changed.follow(stop.signal);
    expect((await events.next()).value).toBe("a");
    changed.add(["b", "a"]);
    expect((await events.next()).value).toBe("b");
    expect((await events.next()).value).toBe("a");
    const waiting = events.next();
    changed.add(["c"]);
    expect((await waiting).value).toBe("c");
    const last = events.next();
    stop.abort();
    expect((await last).done).toBe(true);
  });
});

describe("fingerprints", () => {
  it("are equal for equal values only", () => {
    expect(fingerprintOf({ a: 1, b: { c: [1, 2], d: null } })).toBe(
      fingerprintOf({ b: { d: null, c: [1, 2] }, a: 1 }),
    );
    expect(fingerprintOf([1, 2])).not.toBe(fingerprintOf([2, 1]));
    expect(fingerprintOf({ a: "1" })).not.toBe(fingerprintOf({ a: 1 }));
  });
});
