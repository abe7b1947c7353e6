import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createTaskQueue, type QueueEntry } from "../../src/pool/task-queue.ts";

interface Entry extends QueueEntry {
  readonly at: number;
}

function fill(entries: readonly Entry[]) {
  const queue = createTaskQueue<Entry>({ what: "It", maxEntries: 1000, maxPerPrincipal: 1000 });
  for (const entry of entries) queue.add(entry);
  return queue;
}

function takeAll(entries: readonly Entry[]): Entry[] {
  const queue = fill(entries);
  return entries.map(() => queue.take()!);
}

const entries = fc
  .array(fc.record({ principal: fc.constantFrom("a", "b", "c"), priority: fc.nat(2) }), {
    maxLength: 30,
  })
  .map((list) => list.map((entry, at) => ({ ...entry, at })));

describe("a queue", () => {
  it("gives everything back exactly once", () => {
    fc.assert(
      fc.property(entries, (list) => {
        const taken = takeAll(list).toSorted((left, right) => left.at - right.at);
        expect(taken).toEqual(list);
      }),
      { seed: 5 },
    );
  });

  it("serves nobody twice while another waits", () => {
    fc.assert(
      fc.property(entries, (list) => {
        const taken = takeAll(list);
        taken.forEach((entry, at) => {
          const previous = taken[at - 1];
          if (previous?.principal !== entry.principal) return;
          expect(new Set(taken.slice(at).map(({ principal }) => principal)).size).toBe(1);
        });
      }),
      { seed: 6 },
    );
  });

  it("keeps the order of priorities, then of coming, for each principal", () => {
    fc.assert(
      fc.property(entries, (list) => {
        const taken = takeAll(list).filter(({ principal }) => principal === "a");
        const sorted = list
          .filter(({ principal }) => principal === "a")
          .toSorted((left, right) => left.priority - right.priority || left.at - right.at);
        expect(taken).toEqual(sorted);
      }),
      { seed: 7 },
    );
  });

  it("lets one principal fill only its part", () => {
    const queue = createTaskQueue({ what: "It", maxEntries: 3, maxPerPrincipal: 2 });
    const add = (principal: string) => queue.add({ principal, priority: 1 });
    add("a");
    add("a");
    expect(() => add("a")).toThrow(expect.objectContaining({ code: "ERR_QUEUE_FULL" }));
    add("b");
    expect(() => add("c")).toThrow(expect.objectContaining({ code: "ERR_QUEUE_FULL" }));
    expect(queue.length).toBe(3);
  });

  it("puts back before all others, and forgets what is removed", () => {
    const [first, second] = [
      { principal: "a", priority: 2, at: 1 },
      { principal: "a", priority: 1, at: 2 },
    ];
    const queue = fill([second]);
    queue.putBack(first);
    queue.remove(second);
    expect([queue.take(), queue.take(), queue.length]).toEqual([first, undefined, 0]);
  });
});
