import * as fc from "fast-check";
import { backoffDelayMs, type BackoffPolicy } from "op-core";
import { expect, test } from "vitest";

const policies: fc.Arbitrary<BackoffPolicy> = fc.record({
  initialMs: fc.double({ min: 0, max: 10_000, noNaN: true }),
  maxMs: fc.double({ min: 0, max: 100_000, noNaN: true }),
  factor: fc.double({ min: 1, max: 10, noNaN: true }),
  jitter: fc.double({ min: 0, max: 1, noNaN: true }),
});
const chances = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const attempts = fc.integer({ min: 1, max: 10_000 });

test("waits twice as long each time, up to the limit", () => {
  const policy = { initialMs: 100, maxMs: 1_000, factor: 2, jitter: 0 };
  const delays = [1, 2, 3, 4, 5, 6].map((attempt) => backoffDelayMs(attempt, policy));
  expect(delays).toEqual([100, 200, 400, 800, 1_000, 1_000]);
});

test("chance only ever shortens a wait, by no more than the jitter", () => {
  fc.assert(
    fc.property(attempts, policies, chances, (attempt, policy, chance) => {
      const fullMs = backoffDelayMs(attempt, { ...policy, jitter: 0 });
      const delayMs = backoffDelayMs(attempt, policy, () => chance);
      expect(delayMs).toBeLessThanOrEqual(fullMs);
      expect(delayMs).toBeGreaterThanOrEqual(fullMs * (1 - policy.jitter));
      expect(fullMs).toBeLessThanOrEqual(policy.maxMs);
    }),
    { seed: 1 },
  );
});

test("no wait is shorter than the one before it, but for chance", () => {
  fc.assert(
    fc.property(attempts, policies, (attempt, policy) => {
      const withoutChance = { ...policy, jitter: 0 };
      expect(backoffDelayMs(attempt + 1, withoutChance)).toBeGreaterThanOrEqual(
        backoffDelayMs(attempt, withoutChance),
      );
    }),
    { seed: 2 },
  );
});
