import { createManualClock } from "op-core/testing";
import { expect, test } from "vitest";
import type { LimitName, Limits } from "../../src/index.ts";
import { watchLimits } from "../../src/spawner/watch-limits.ts";

const idle = { cpuMs: 0, memoryBytes: 0, processes: 1, threads: 1 };

function openWatch(limits: Limits, enforced: readonly LimitName[] = []) {
  const clock = createManualClock();
  const exceeded: LimitName[] = [];
  const usage = { ...idle };
  let polls = 0;
  const watch = watchLimits({
    limits,
    enforced: new Set(enforced),
    clock,
    measure: () => {
      polls += 1;
      return { ...usage };
    },
    onExceeded: (limit) => exceeded.push(limit),
  });
  return { clock, exceeded, usage, watch, polls: () => polls };
}

test("the wall time ends a child on time, and once", async () => {
  const { clock, exceeded } = openWatch({ wallTimeMs: 1_000, memoryBytes: 5 });
  await clock.advance(999);
  expect(exceeded).toEqual([]);
  await clock.advance(5_000);
  expect(exceeded).toEqual(["wallTime"]);
});

test.each([
  ["memory", { memoryBytes: 5 }, { memoryBytes: 6 }],
  ["processes", { processes: 5 }, { threads: 6 }],
  ["cpuTime", { cpuTimeMs: 5 }, { cpuMs: 6 }],
] as const)("%s is measured ten times a second", async (limit, limits, excess) => {
  const { clock, exceeded, usage, polls } = openWatch(limits);
  await clock.advance(1_000);
  expect([exceeded, polls()]).toEqual([[], 10]);
  Object.assign(usage, excess);
  await clock.advance(1_000);
  expect([exceeded, polls()]).toEqual([[limit], 11]);
});

test("nothing is measured that the kernel enforces, or that nobody limits", async () => {
  const watches = [
    openWatch({ memoryBytes: 1, processes: 1 }, ["memory", "processes"]),
    openWatch({}),
  ];
  for (const { clock, polls } of watches) {
    await clock.advance(5_000);
    expect(polls()).toBe(0);
  }
});

test("a watch that was disposed is silent", async () => {
  const { clock, exceeded, usage, watch } = openWatch({ wallTimeMs: 500, cpuTimeMs: 1 });
  await clock.advance(100);
  watch[Symbol.dispose]();
  usage.cpuMs = 99;
  await clock.advance(5_000);
  expect(exceeded).toEqual([]);
});
