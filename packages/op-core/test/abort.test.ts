import { getEventListeners } from "node:events";
import { setTimeout as nodeSleep } from "node:timers/promises";
import { abortable, DeadlineExceededError, isAbortOf, sleep, startDeadline } from "op-core";
import { createManualClock } from "op-core/testing";
import { describe, expect, test } from "vitest";

const reason = new Error("the caller left");

function listenersOf(signal: AbortSignal): number {
  return getEventListeners(signal, "abort").length;
}

describe("startDeadline", () => {
  test("aborts when time is up, and says what took too long", async () => {
    const clock = createManualClock();
    using deadline = startDeadline({ what: "Reading the journal", ms: 500, clock });
    await clock.advance(499);
    expect(deadline.signal.aborted).toBe(false);
    await clock.advance(1);
    expect(deadline.signal.reason).toBeInstanceOf(DeadlineExceededError);
    expect(deadline.signal.reason).toMatchObject({
      code: "ERR_DEADLINE_EXCEEDED",
      message: "Reading the journal took longer than 500 ms.",
      retryable: true,
      data: { what: "Reading the journal", ms: 500 },
    });
  });

  test("aborts with its parent's reason and then needs no timer", () => {
    const clock = createManualClock();
    const parent = new AbortController();
    using deadline = startDeadline({ what: "It", ms: 500, clock, signal: parent.signal });
    parent.abort(reason);
    expect(deadline.signal.reason).toBe(reason);
    expect(clock.pendingTimers).toBe(0);
  });

  test("has aborted from the start when its parent has", () => {
    const clock = createManualClock();
    using deadline = startDeadline({
      what: "It",
      ms: 500,
      clock,
      signal: AbortSignal.abort(reason),
    });
    expect(deadline.signal.reason).toBe(reason);
    expect(clock.pendingTimers).toBe(0);
  });

  test("leaves neither timer nor listener, whichever way it ends", async () => {
    const clock = createManualClock();
    const { signal } = new AbortController();
    const disposed = startDeadline({ what: "It", ms: 500, clock, signal });
    disposed[Symbol.dispose]();
    disposed[Symbol.dispose]();
    expect([clock.pendingTimers, listenersOf(signal)]).toEqual([0, 0]);

    using expired = startDeadline({ what: "It", ms: 500, clock, signal });
    await clock.advance(500);
    expect(expired.signal.aborted).toBe(true);
    expect(disposed.signal.aborted).toBe(false);
    expect([clock.pendingTimers, listenersOf(signal)]).toEqual([0, 0]);
  });
});

describe("abortable", () => {
  test("settles like the promise and lets go of the signal", async () => {
    const { signal } = new AbortController();
    await expect(abortable(Promise.resolve(7), signal)).resolves.toBe(7);
    await expect(abortable(Promise.reject(reason), signal)).rejects.toBe(reason);
    expect(listenersOf(signal)).toBe(0);
  });

  test("rejects at once on abort, and what the promise does later harms nobody", async () => {
    const controller = new AbortController();
    const slow = Promise.withResolvers<void>();
    const waiting = abortable(slow.promise, controller.signal);
    controller.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    expect(listenersOf(controller.signal)).toBe(0);
    slow.reject(new Error("too late to matter"));
    await expect(abortable(slow.promise, controller.signal)).rejects.toBe(reason);
  });
});

describe("sleep", () => {
  test("wakes after its time", async () => {
    const clock = createManualClock();
    const { signal } = new AbortController();
    const woken: string[] = [];
    const sleeper = async () => {
      await sleep(20, { clock, signal });
      woken.push("woken");
    };
    const sleeping = sleeper();
    await clock.advance(19);
    expect(woken).toEqual([]);
    await clock.advance(1);
    await sleeping;
    expect(woken).toEqual(["woken"]);
    expect(listenersOf(signal)).toBe(0);
  });

  test("ends with the signal's reason, before and while it sleeps", async () => {
    const clock = createManualClock();
    const controller = new AbortController();
    const sleeping = sleep(20, { clock, signal: controller.signal });
    controller.abort(reason);
    await expect(sleeping).rejects.toBe(reason);
    await expect(sleep(20, { clock, signal: controller.signal })).rejects.toBe(reason);
    expect(clock.pendingTimers).toBe(0);
  });
});

describe("isAbortOf", () => {
  test("knows the signal's own reason, also inside Node's AbortError", async () => {
    const signal = AbortSignal.abort(reason);
    const nodeError: unknown = await nodeSleep(1, undefined, { signal }).catch(
      (error: unknown) => error,
    );
    expect(isAbortOf(reason, signal)).toBe(true);
    expect(isAbortOf(nodeError, signal)).toBe(true);
  });

  test("is false for other errors, other aborts and signals that have not aborted", () => {
    expect(isAbortOf(new Error("other"), AbortSignal.abort(reason))).toBe(false);
    expect(isAbortOf(new DOMException("", "AbortError"), AbortSignal.abort(reason))).toBe(false);
    expect(isAbortOf(undefined, new AbortController().signal)).toBe(false);
  });
});
