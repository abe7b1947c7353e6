import { createManualClock } from "op-core/testing";
import { expect, test } from "vitest";

test("stands still until it is advanced", async () => {
  const clock = createManualClock({ startMs: 1_000 });
  expect([clock.now(), clock.monotonic()]).toEqual([1_000, 0]);
  await clock.advance(250);
  expect([clock.now(), clock.monotonic()]).toEqual([1_250, 250]);
});

test("fires due timers in order, each at its own time", async () => {
  const clock = createManualClock();
  const fired: string[] = [];
  for (const [name, delayMs] of [
    ["late", 30],
    ["first", 10],
    ["second", 10],
    ["beyond", 31],
  ] as const) {
    clock.startTimer(delayMs, () => fired.push(`${name} at ${clock.now()}`));
  }
  await clock.advance(30);
  expect(fired).toEqual(["first at 10", "second at 10", "late at 30"]);
  expect(clock.pendingTimers).toBe(1);
});

test("runs what a timer sets in motion before the next one, also new timers", async () => {
  const clock = createManualClock();
  const seen: string[] = [];
  const woken = Promise.withResolvers<void>();
  clock.startTimer(10, woken.resolve);
  clock.startTimer(20, () => seen.push("twenty"));
  const sleeper = async () => {
    await woken.promise;
    seen.push("woken");
    clock.startTimer(5, () => seen.push("fifteen"));
  };
  const slept = sleeper();
  await clock.advance(20);
  await slept;
  expect(seen).toEqual(["woken", "fifteen", "twenty"]);
});

test("never fires a timer that was disposed", async () => {
  const clock = createManualClock();
  const fired: string[] = [];
  clock.startTimer(10, () => fired.push("cancelled"))[Symbol.dispose]();
  await clock.advance(10);
  expect(fired).toEqual([]);
  expect(clock.pendingTimers).toBe(0);
});
