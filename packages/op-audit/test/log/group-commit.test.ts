import { createManualClock } from "op-core/testing";
import { expect, test } from "vitest";
import { GroupCommit } from "../../src/log/group-commit.ts";

function createRecorder(fails: (batch: readonly number[]) => boolean = () => false) {
  const clock = createManualClock();
  const batches: (readonly number[])[] = [];
  const failures: unknown[] = [];
  const group = new GroupCommit<number, number>({
    clock,
    flushIntervalMs: 50,
    flushEntries: 4,
    commit: async (items) => {
      await Promise.resolve();
      batches.push(items);
      if (fails(items)) throw new Error("disk");
      return items.map((item) => item * 10);
    },
    failed: (error) => failures.push(error),
  });
  return { clock, group, batches, failures };
}

test("lets those who come in the same turn share a commit, and those who come meanwhile the next", async () => {
  const { group, batches } = createRecorder();
  const caller = async (item: number) => [await group.add(item), await group.add(item + 1)];
  expect(await Promise.all([caller(1), caller(11), caller(21)])).toEqual([
    [10, 20],
    [110, 120],
    [210, 220],
  ]);
  expect(batches).toEqual([
    [1, 11, 21],
    [2, 12, 22],
  ]);
});

test("tells all of a commit that failed, and goes on with the next", async () => {
  const { group, failures } = createRecorder((items) => items.includes(1));
  const settled = await Promise.allSettled([group.add(1), group.add(2)]);
  expect(settled.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect(failures).toHaveLength(1);
  expect(await group.add(3)).toBe(30);
});

test("runs other work between commits, after what was added before", async () => {
  const { group, batches } = createRecorder();
  const order: string[] = [];
  void group.add(1).then(() => order.push("one"));
  const work = group.exclusive(async () => {
    order.push("work");
  });
  await expect(group.exclusive(async () => await Promise.reject(new Error("no")))).rejects.toThrow(
    "no",
  );
  group.defer(2);
  expect(await group.close()).toEqual([]);
  await work;
  expect(order).toEqual(["one", "work"]);
  expect(batches.flat()).toEqual([1, 2]);
});

test("keeps what nobody waits for back until its time has come", async () => {
  const { clock, group, batches } = createRecorder();
  group.defer(1);
  await clock.advance(49);
  group.defer(2);
  expect(batches).toEqual([]);
  await clock.advance(1);
  expect(batches).toEqual([[1, 2]]);
  expect(group.deferred).toBe(0);
});

test("keeps no more of it back than it is told to, and lets it go with an item somebody waits for", async () => {
  const { clock, group, batches } = createRecorder();
  for (const item of [1, 2, 3, 4]) group.defer(item);
  await clock.advance(0);
  group.defer(5);
  const added = group.add(6);
  group.defer(7);
  expect(await added).toBe(60);
  expect(batches).toEqual([
    [1, 2, 3, 4],
    [5, 6, 7],
  ]);
  expect(clock.pendingTimers).toBe(0);
});

test("flushes on demand, and at once where nothing is kept back", async () => {
  const { clock, group, batches } = createRecorder();
  await group.flush();
  group.defer(1);
  await group.flush();
  expect(batches).toEqual([[1]]);
  expect(clock.pendingTimers).toBe(0);
});

test("keeps deferred items when a commit fails, leaves nobody waiting behind them, and tries again by itself", async () => {
  let isBroken = true;
  const { clock, group, batches } = createRecorder(() => isBroken);
  group.defer(1);
  const first = group.add(2);
  group.defer(3);
  await expect(first).rejects.toThrow("disk");
  expect(group.deferred).toBe(2);
  await clock.advance(999);
  expect(batches).toEqual([[1, 2, 3]]);
  isBroken = false;
  await clock.advance(1);
  expect(batches.at(-1)).toEqual([1, 3]);
  expect(group.deferred).toBe(0);
  expect(clock.pendingTimers).toBe(0);
});

test("tries again by itself although nothing is left to commit", async () => {
  let isBroken = true;
  const { clock, group, batches } = createRecorder(() => isBroken);
  await expect(group.add(1)).rejects.toThrow("disk");
  await clock.advance(1000);
  isBroken = false;
  await clock.advance(1000);
  await clock.advance(5000);
  expect(batches).toEqual([[1], [], []]);
});

test("returns what could not be committed when it is closed", async () => {
  const { clock, group } = createRecorder(() => true);
  group.defer(1);
  group.defer(2);
  expect(await group.close()).toEqual([1, 2]);
  expect(clock.pendingTimers).toBe(0);
});
