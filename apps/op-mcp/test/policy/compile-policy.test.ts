import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compilePolicy } from "../../src/policy/compile-policy.ts";
import { anyPolicy, anyRequest } from "./random-policy.ts";
import { decideSlowly } from "./reference-policy.ts";

describe("deciding", () => {
  it(
    "agrees with a slow and plain reading of the rules, for 120,000 calls",
    { timeout: 60_000 },
    () => {
      const verdicts = new Map<string, number>();
      fc.assert(
        fc.property(
          anyPolicy,
          fc.array(anyRequest, { minLength: 60, maxLength: 60, size: "max" }),
          (config, requests) => {
            const policy = compilePolicy(config);
            for (const request of requests) {
              const { verdict, rule } = policy.decide(request);
              verdicts.set(verdict, (verdicts.get(verdict) ?? 0) + 1);
              expect({ verdict, rule }).toEqual(decideSlowly(config, request));
            }
          },
        ),
        { seed: 4, numRuns: 2000 },
      );
      const calls = [...verdicts.values()].reduce((sum, count) => sum + count, 0);
      expect(calls).toBeGreaterThanOrEqual(100_000);
      for (const verdict of ["allow", "ask", "dry-run", "deny"]) {
        expect(verdicts.get(verdict), verdict).toBeGreaterThan(calls / 50);
      }
    },
  );
});
