import { expect, it } from "vitest";
import { createEventBoard } from "../src/index.ts";

it("tells each reader everything from the moment it began, until it leaves", async () => {
  const board = createEventBoard<number>();
  const leaving = new AbortController();
  board.tell(0);
  const first = board.read(leaving.signal)[Symbol.asyncIterator]();
  board.tell(1);
  const second = board.read(new AbortController().signal)[Symbol.asyncIterator]();
  board.tell(2);
  expect([await first.next(), await first.next(), await second.next()]).toEqual(
    [1, 2, 2].map((value) => ({ value, done: false })),
  );
  const next = [first.next(), second.next()];
  leaving.abort();
  board.tell(3);
  expect(await Promise.all(next)).toEqual([
    { value: undefined, done: true },
    { value: 3, done: false },
  ]);
});

it("ends for a reader who had left before", async () => {
  expect(await Array.fromAsync(createEventBoard<number>().read(AbortSignal.abort()))).toEqual([]);
});
