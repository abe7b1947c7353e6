import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EventRing, firstPosition, type BusEvent } from "../../../src/tools/events/event-ring.ts";
import { mergingOf } from "../../../src/tools/events/signal-event.ts";

function event(number: number): BusEvent {
  return { at: number, path: "/a", interface: "org.example.A", member: "B", args: { number } };
}

function change(changed: Record<string, number>, invalid: readonly string[] = []): BusEvent {
  return {
    at: 0,
    path: "/a",
    interface: "org.freedesktop.DBus.Properties",
    member: "PropertiesChanged",
    args: {
      interface_name: "org.example.A",
      changed_properties: changed,
      invalidated_properties: invalid,
    },
  };
}

describe("a ring of events", () => {
  it("tells every reader everything once and in order, or how much is gone", () => {
    const step = fc.oneof(
      fc.constant({ kind: "push" as const }),
      fc.record({ kind: fc.constant("read" as const), limit: fc.integer({ min: 1, max: 5 }) }),
    );
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 200 }),
        fc.integer({ min: 1, max: 8 }),
        (steps, size) => {
          const ring = new EventRing(size);
          let pushed = 0;
          let cursor = firstPosition;
          const told: number[] = [];
          let gone = 0;
          for (const one of steps) {
            if (one.kind === "push") {
              ring.push(event(pushed));
              pushed += 1;
              continue;
            }
            const { events, next, dropped } = ring.since(cursor, one.limit);
            told.push(...events.map(({ at }) => at));
            gone += dropped;
            cursor = next;
          }
          expect(told).toEqual([...new Set(told)].toSorted((a, b) => a - b));
          const rest = ring.since(cursor, size);
          expect(told.length + gone + rest.events.length + rest.dropped).toBe(pushed);
          expect(ring.mark().count).toBe(pushed);
        },
      ),
      { seed: 7, numRuns: 500 },
    );
  });

  it("puts changes of one object together until they are read", () => {
    const ring = new EventRing(10);
    const push = (one: BusEvent) => ring.push(one, mergingOf(one));
    push(change({ a: 1, b: 1 }));
    push(event(1));
    push(change({ a: 2 }, ["b"]));
    const page = ring.since(firstPosition, 10);
    expect(page.events.map(({ member }) => member)).toEqual(["B", "PropertiesChanged"]);
    expect(page.events[1]?.args).toMatchObject({
      changed_properties: { a: 2 },
      invalidated_properties: ["b"],
    });
    push(change({ b: 3 }));
    expect(ring.since(page.next, 10).events[0]?.args).toMatchObject({
      changed_properties: { b: 3 },
      invalidated_properties: [],
    });
  });

  it("counts what was lost before it came here, once for each reader", () => {
    const ring = new EventRing(4);
    ring.push(event(0));
    ring.countLost(3);
    ring.push(event(1));
    const page = ring.since(firstPosition, 10);
    expect(page).toMatchObject({ dropped: 3 });
    expect(ring.since(page.next, 10).dropped).toBe(0);
    ring.countLost(2);
    expect(ring.since(page.next, 10).dropped).toBe(2);
    expect(ring.since(firstPosition, 10).dropped).toBe(5);
  });

  it("does not count what became one, nor what was read before it went", () => {
    const ring = new EventRing(2);
    const push = (one: BusEvent) => ring.push(one, mergingOf(one));
    push(change({ a: 1 }));
    push(change({ a: 2 }));
    const first = ring.since(firstPosition, 10);
    expect(first).toMatchObject({ events: { length: 1 }, dropped: 0 });
    for (let number = 0; number < 4; number += 1) push(event(number));
    push(change({ a: 3 }));
    push(change({ a: 4 }));
    expect(ring.since(first.next, 10)).toMatchObject({
      events: [{ at: 3 }, { args: { changed_properties: { a: 4 } } }],
      dropped: 3,
    });
  });
});
