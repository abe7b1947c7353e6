import { createManualClock } from "op-core/testing";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import {
  createMemoryAuditLog,
  sessionSteps,
  type AuditDraft,
  type AuditEntry,
} from "../../src/index.ts";

const session = { sessionId: "s1", principal: "unix:uid=1000" };

/** Entries as a log has them, 10 ms apart. */
async function write(drafts: readonly AuditDraft[]): Promise<readonly AuditEntry[]> {
  const clock = createManualClock();
  await using log = createMemoryAuditLog({ clock });
  for (const draft of drafts) {
    await log.append({ ...session, ...draft });
    await clock.advance(10);
  }
  return log.entries;
}

test("joins what belongs to a call, and keeps the order in which calls began", async () => {
  const entries = await write([
    { kind: "call-began", tool: "unit_stop", requestId: "1", risk: "destructive" },
    { kind: "event", event: "approval-asked", requestId: "1" },
    { kind: "call-ended", tool: "unit_list", requestId: "2", outcome: "ok", durationMs: 3 },
    { kind: "event", event: "approval-given", requestId: "1" },
    { kind: "call-ended", tool: "unit_stop", requestId: "1", outcome: "failed", errorCode: "E" },
    { kind: "event", event: "configuration-changed" },
  ]);
  const steps = await sessionSteps(entries);
  expect(steps).toMatchObject([
    {
      kind: "call",
      seq: 0,
      tool: "unit_stop",
      outcome: "failed",
      durationMs: 40,
      events: [{ event: "approval-asked" }, { event: "approval-given" }],
      ended: { errorCode: "E" },
    },
    { kind: "call", seq: 2, tool: "unit_list", outcome: "ok", durationMs: 3, events: [] },
    { kind: "event", seq: 5, entry: { event: "configuration-changed" } },
  ]);
});

test("tells calls apart that were refused, that never ended, and whose id was used again", async () => {
  const steps = await sessionSteps(
    await write([
      { kind: "event", event: "call-refused", requestId: "1" },
      { kind: "call-began", tool: "a", requestId: "1" },
      { kind: "call-began", tool: "b", requestId: "1" },
      { kind: "call-ended", tool: "c", requestId: "1", outcome: "ok" },
      { kind: "call-began", tool: "d" },
      { kind: "call-ended", tool: "e", outcome: "cancelled" },
      { kind: "event", event: "limit-hit", requestId: "9" },
    ]),
  );
  expect(
    steps.map((step) => (step.kind === "call" ? [step.tool, step.outcome] : step.entry.event)),
  ).toEqual([
    ["a", "refused"],
    ["b", "unfinished"],
    ["c", "ok"],
    ["d", "unfinished"],
    ["e", "cancelled"],
    "limit-hit",
  ]);
});

test("loses no entry and shows none twice, whatever comes in whatever order", async () => {
  const draft = fc.record({
    requestId: fc.constantFrom("1", "2", "3"),
    sessionId: fc.constantFrom("s1", "s2"),
    tool: fc.constantFrom("a", "b"),
    kind: fc.constantFrom("call-began", "call-ended", "event"),
    isNamed: fc.boolean(),
  });
  const toDraft = ({
    kind,
    tool,
    isNamed,
    requestId,
    sessionId,
  }: typeof draft extends fc.Arbitrary<infer T> ? T : never): AuditDraft => {
    const who = isNamed ? { requestId, sessionId } : {};
    if (kind === "event") return { kind: "event", event: "limit-hit", ...who };
    if (kind === "call-began") return { kind: "call-began", tool, ...who };
    return { kind: "call-ended", tool, outcome: "ok", ...who };
  };
  await fc.assert(
    fc.asyncProperty(fc.array(draft, { maxLength: 30 }), async (drafts) => {
      const entries = await write(drafts.map(toDraft));
      const steps = await sessionSteps(entries);
      const shown = steps.flatMap((step) =>
        step.kind === "event"
          ? [step.seq]
          : [step.began, step.ended, ...step.events].flatMap((entry) => entry?.seq ?? []),
      );
      expect(shown.toSorted((one, other) => one - other)).toEqual(entries.map(({ seq }) => seq));
      const places = steps.map(({ seq }) => seq);
      expect(places).toEqual(places.toSorted((one, other) => one - other));
    }),
    { seed: 21, numRuns: 100 },
  );
});
