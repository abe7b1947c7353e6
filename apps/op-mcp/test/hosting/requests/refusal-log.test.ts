import { array, assert, constantFrom, nat, property, record } from "fast-check";
import type { AuditDraft } from "op-audit";
import { createManualClock } from "op-core/testing";
import { expect, it } from "vitest";
import { createRefusalLog } from "../../../src/hosting/requests/refusal-log.ts";

function setUp() {
  const clock = createManualClock();
  const written: { readonly reason: string; readonly repeated?: number }[] = [];
  const note = (draft: AuditDraft): void => {
    if (draft.kind === "event") written.push(Object(draft.details));
  };
  return { clock, written, log: createRefusalLog({ audit: { note }, clock }) };
}

const refusal = { event: "call-refused", address: "127.0.0.1", reason: "http-404" } as const;

it("writes the first of a kind each, and of the rest how many they were", async () => {
  const { clock, written, log } = setUp();
  for (let count = 0; count < 1000; count += 1) log.note(refusal);
  expect(written).toHaveLength(20);
  await clock.advance(60_000);
  expect(written).toHaveLength(21);
  expect(written.at(-1)).toMatchObject({ reason: "http-404", repeated: 980 });
  log.note(refusal);
  expect(written).toHaveLength(22);
  log[Symbol.dispose]();
  expect(clock.pendingTimers).toBe(0);
});

it("forgets none, whoever they come from, in bounded memory", () => {
  const one = record({
    event: constantFrom("call-refused" as const, "authentication-failed" as const),
    address: nat({ max: 3000 }).map(String),
    reason: constantFrom("http-404", "http-400", "invalid"),
  });
  assert(
    property(array(one, { maxLength: 4000, size: "max" }), (refusals) => {
      const { written, log } = setUp();
      for (const each of refusals) log.note(each);
      log[Symbol.dispose]();
      const total = written.reduce((sum, { repeated = 1 }) => sum + repeated, 0);
      expect(total).toBe(refusals.length);
    }),
    { seed: 5, numRuns: 20 },
  );
});
