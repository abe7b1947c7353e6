import { expect, test } from "vitest";
import { GroupCommit } from "../../src/log/group-commit.ts";

function createRecorder(fails: (batch: readonly number[]) => boolean = () => false) {
  const batches: (readonly number[])[] = [];
  const failures: unknown[] = [];
  const group = new GroupCommit<number, number>({
    commit: async (items) => {
      await Promise.resolve();
      batches.push(items);
      if (fails(items)) throw new Error("disk");
      return items.map((item) => item * 10);
    },
    failed: (error) => failures.push(error),
  });
  return { group, batches, failures };
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

test("runs other work between commits, and drains", async () => {
  const { group, batches } = createRecorder();
  const order: string[] = [];
  void group.add(1).then(() => order.push("one"));
  const work = group.exclusive(async () => {
    order.push("work");
  });
  await expect(group.exclusive(async () => await Promise.reject(new Error("no")))).rejects.toThrow(
    "no",
  );
  group.post(2);
  await group.drain();
  await work;
  expect(order).toContain("work");
  expect(batches.flat()).toEqual([1, 2]);
});
