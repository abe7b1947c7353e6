import { getEventListeners, once } from "node:events";
import { setImmediate } from "node:timers/promises";
import * as fc from "fast-check";
import { createSemaphore, QueueFullError } from "op-core";
import { describe, expect, test } from "vitest";

const reason = new Error("the caller left");

test("lets as many work at a time as there are permits, in the order they came", async () => {
  const semaphore = createSemaphore({ permits: 2, maxQueue: 10 });
  const log: string[] = [];
  const gates = new Map<string, PromiseWithResolvers<void>>();
  const work = (name: string) =>
    semaphore.run(async () => {
      const gate = Promise.withResolvers<void>();
      gates.set(name, gate);
      log.push(name);
      await gate.promise;
    });
  const all = ["a", "b", "c", "d"].map(work);
  await setImmediate();
  expect(log).toEqual(["a", "b"]);
  expect([semaphore.available, semaphore.waiting]).toEqual([0, 2]);
  gates.get("b")!.resolve();
  await setImmediate();
  expect(log).toEqual(["a", "b", "c"]);
  gates.get("a")!.resolve();
  await setImmediate();
  for (const name of ["c", "d"]) gates.get(name)!.resolve();
  await Promise.all(all);
  expect(log).toEqual(["a", "b", "c", "d"]);
  expect([semaphore.available, semaphore.waiting]).toEqual([2, 0]);
});

test("refuses whoever finds the queue full", async () => {
  const semaphore = createSemaphore({ permits: 1, maxQueue: 1, what: "Starting an agent" });
  using _held = await semaphore.acquire();
  const waiting = semaphore.acquire();
  await expect(semaphore.acquire()).rejects.toThrow(QueueFullError);
  await expect(semaphore.acquire()).rejects.toMatchObject({
    code: "ERR_QUEUE_FULL",
    retryable: true,
    message: "Starting an agent was refused because everything is busy and 1 others wait already.",
  });
  _held[Symbol.dispose]();
  using _turn = await waiting;
});

test("gives a permit back when the work fails", async () => {
  const semaphore = createSemaphore({ permits: 1, maxQueue: 0 });
  await expect(semaphore.run(async () => Promise.reject(reason))).rejects.toBe(reason);
  expect(semaphore.available).toBe(1);
});

test("a permit given back twice counts once", () => {
  const semaphore = createSemaphore({ permits: 1, maxQueue: 0 });
  const permit = semaphore.tryAcquire();
  permit?.[Symbol.dispose]();
  permit?.[Symbol.dispose]();
  expect(semaphore.available).toBe(1);
});

test("an aborted caller makes room in the queue and leaves no listener", async () => {
  const semaphore = createSemaphore({ permits: 1, maxQueue: 1 });
  const held = await semaphore.acquire();
  const controller = new AbortController();
  const { signal } = controller;
  const leaving = semaphore.acquire({ signal });
  controller.abort(reason);
  await expect(leaving).rejects.toBe(reason);
  expect(semaphore.waiting).toBe(0);
  await expect(semaphore.acquire({ signal })).rejects.toBe(reason);

  const patient = new AbortController().signal;
  const staying = semaphore.acquire({ signal: patient });
  held[Symbol.dispose]();
  using _permit = await staying;
  expect(getEventListeners(patient, "abort")).toEqual([]);
});

test("an abort that comes after the turn does not lose the permit", async () => {
  const semaphore = createSemaphore({ permits: 1, maxQueue: 1 });
  const held = await semaphore.acquire();
  const controller = new AbortController();
  const turn = semaphore.acquire({ signal: controller.signal });
  held[Symbol.dispose]();
  const aborted = once(controller.signal, "abort");
  controller.abort(reason);
  await aborted;
  (await turn)[Symbol.dispose]();
  expect(semaphore.available).toBe(1);
});

describe("against a model", () => {
  type Command =
    | { readonly kind: "acquire" }
    | { readonly kind: "tryAcquire" }
    | { readonly kind: "release"; readonly pick: number }
    | { readonly kind: "abort"; readonly pick: number };
  const commands: fc.Arbitrary<readonly Command[]> = fc.array(
    fc.oneof(
      fc.record({ kind: fc.constant("acquire" as const) }),
      fc.record({ kind: fc.constant("tryAcquire" as const) }),
      fc.record({ kind: fc.constant("release" as const), pick: fc.nat() }),
      fc.record({ kind: fc.constant("abort" as const), pick: fc.nat() }),
    ),
    { maxLength: 60 },
  );

  test("never more holders than permits, first come first served, no permit lost", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 0, max: 4 }),
        // Whether everything settles between two commands, so that races between them are tried as well.
        fc.array(fc.boolean(), { minLength: 1, maxLength: 7 }),
        commands,
        runAgainstModel,
      ),
      { seed: 3, numRuns: 300 },
    );
  });

  async function runAgainstModel(
    permits: number,
    maxQueue: number,
    pauses: readonly boolean[],
    script: readonly Command[],
  ): Promise<void> {
    const semaphore = createSemaphore({ permits, maxQueue });
    const callers: { controller: AbortController; outcome: Promise<unknown>; id: number }[] = [];
    const granted: { id: number; permit: Disposable }[] = [];
    const refused: number[] = [];
    const model = { holders: [] as number[], queue: [] as number[], refused: [] as number[] };

    const settle = async () => {
      await setImmediate();
      expect(granted.map(({ id }) => id).toSorted(ascending)).toEqual(
        model.holders.toSorted(ascending),
      );
      expect(refused.toSorted(ascending)).toEqual(model.refused.toSorted(ascending));
      expect(semaphore.waiting).toBe(model.queue.length);
      expect(semaphore.available).toBe(permits - model.holders.length);
    };
    const acquire = async (id: number, signal: AbortSignal) => {
      try {
        granted.push({ id, permit: await semaphore.acquire({ signal }) });
      } catch {
        refused.push(id);
      }
    };
    const release = async (pick: number) => {
      await settle();
      const [held] = granted.splice(pick % Math.max(1, granted.length), 1);
      if (held === undefined) return;
      model.holders = model.holders.filter((id) => id !== held.id);
      const next = model.queue.shift();
      if (next !== undefined) model.holders.push(next);
      held.permit[Symbol.dispose]();
    };
    const abort = (pick: number) => {
      const caller = callers[pick % Math.max(1, callers.length)];
      if (caller === undefined) return;
      if (model.queue.includes(caller.id)) {
        model.queue = model.queue.filter((id) => id !== caller.id);
        model.refused.push(caller.id);
      }
      caller.controller.abort(reason);
    };
    const enter = (id: number) => {
      const controller = new AbortController();
      callers.push({ controller, outcome: acquire(id, controller.signal), id });
      if (model.holders.length < permits) model.holders.push(id);
      else if (model.queue.length < maxQueue) model.queue.push(id);
      else model.refused.push(id);
    };
    const tryEnter = (id: number) => {
      const permit = semaphore.tryAcquire();
      expect(permit !== undefined).toBe(model.holders.length < permits);
      if (permit === undefined) return;
      granted.push({ id, permit });
      model.holders.push(id);
    };

    for (const [id, command] of script.entries()) {
      if (command.kind === "acquire") enter(id);
      else if (command.kind === "tryAcquire") tryEnter(id);
      else if (command.kind === "release") await release(command.pick);
      else abort(command.pick);
      if (pauses[id % pauses.length] === true) await settle();
    }
    await settle();
    while (granted.length > 0) {
      await release(0);
      await settle();
    }
    await Promise.all(callers.map(({ outcome }) => outcome));
    expect([semaphore.available, semaphore.waiting]).toEqual([permits, 0]);
  }
});

function ascending(a: number, b: number): number {
  return a - b;
}
