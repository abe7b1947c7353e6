import { createManualClock } from "op-core/testing";
import { describe, expect, it } from "vitest";
import { watchForLeave } from "../../src/index.ts";

describe("knowing when to leave", () => {
  it("tells the first reason once, and then listens to nothing any more", () => {
    const clock = createManualClock();
    const before = process.listenerCount("SIGHUP");
    const reasons: string[] = [];
    watchForLeave(clock, (reason) => void reasons.push(reason));
    expect(process.listenerCount("SIGHUP")).toBe(before + 1);
    process.emit("SIGHUP", "SIGHUP");
    expect(reasons).toEqual(["SIGHUP"]);
    expect(process.listenerCount("SIGHUP")).toBe(before);
    expect(clock.pendingTimers).toBe(0);
  });

  it("keeps watching a parent that lives, until it is disposed", async () => {
    const clock = createManualClock();
    const reasons: string[] = [];
    const watch = watchForLeave(clock, (reason) => void reasons.push(reason));
    await clock.advance(60_000);
    expect(clock.pendingTimers).toBe(1);
    watch[Symbol.dispose]();
    expect(clock.pendingTimers).toBe(0);
    expect(reasons).toEqual([]);
  });
});
