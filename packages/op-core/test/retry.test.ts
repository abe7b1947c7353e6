import { QueueFullError, retry } from "op-core";
import { createManualClock } from "op-core/testing";
import { expect, test } from "vitest";

const policy = { initialMs: 100, maxMs: 1_000, factor: 2, jitter: 0 };
const busy = new QueueFullError("The call", 1);

test("tries again after growing waits until it succeeds", async () => {
  const clock = createManualClock();
  const triedAtMs: number[] = [];
  const result = retry(
    async (attempt) => {
      triedAtMs.push(clock.now());
      if (attempt < 4) throw busy;
      return "done";
    },
    { attempts: 5, policy, clock },
  );
  await clock.advance(700);
  await expect(result).resolves.toBe("done");
  expect(triedAtMs).toEqual([0, 100, 300, 700]);
});

test("gives up with the last error when no attempt is left", async () => {
  const clock = createManualClock();
  const errors = [new QueueFullError("First", 1), new QueueFullError("Second", 1)];
  const result = retry(async (attempt) => Promise.reject(errors[attempt - 1]!), {
    attempts: 2,
    policy,
    clock,
  });
  const outcome = result.catch((error: unknown) => error);
  await clock.advance(100);
  expect(await outcome).toBe(errors[1]);
});

test("does not repeat what would fail again", async () => {
  const hopeless = new Error("bad input");
  let tries = 0;
  const result = retry(
    async () => {
      tries += 1;
      throw hopeless;
    },
    { attempts: 5, policy, clock: createManualClock() },
  );
  await expect(result).rejects.toBe(hopeless);
  expect(tries).toBe(1);
});

test("asks shouldRetry instead where it is given", async () => {
  const clock = createManualClock();
  const result = retry(
    async (attempt) => {
      if (attempt === 1) throw new Error("foreign");
      return attempt;
    },
    { attempts: 2, policy, clock, shouldRetry: () => true },
  );
  await clock.advance(100);
  await expect(result).resolves.toBe(2);
});

test("an abort ends the wait and leaves no timer", async () => {
  const clock = createManualClock();
  const controller = new AbortController();
  const reason = new Error("the caller left");
  const result = retry(async () => Promise.reject(busy), {
    attempts: 5,
    policy,
    clock,
    signal: controller.signal,
  });
  const outcome = result.catch((error: unknown) => error);
  await clock.advance(50);
  controller.abort(reason);
  expect(await outcome).toBe(reason);
  expect(clock.pendingTimers).toBe(0);
});
