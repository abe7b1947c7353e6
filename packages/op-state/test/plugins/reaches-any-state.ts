import * as fc from "fast-check";
import type { DesiredValue } from "../../src/index.ts";
import { reach, reachAndReturn, type PluginHarness } from "../../src/testing/index.ts";

/** Reaches states one after the other, whatever they are, and returns from each; fails unless that always works. */
export async function reachesAnyState(
  harness: Pick<PluginHarness, "plugin" | "look">,
  states: fc.Arbitrary<readonly DesiredValue[]>,
  numRuns: number,
): Promise<void> {
  const property = fc.asyncProperty(fc.array(states, { maxLength: 3 }), async (sequence) => {
    for (const desired of sequence) {
      await reachAndReturn(harness, desired);
      await reach(harness.plugin, desired);
    }
  });
  await fc.assert(property, { seed: 8, numRuns, endOnFailure: true });
}
