import { createManualClock } from "op-core/testing";
import { expect, test } from "vitest";
import { createMemoryAuditLog } from "../../src/index.ts";
import { callDraft } from "../fixtures/sample-log.ts";

test("keeps the newest entries, without their secrets, until it is closed", async () => {
  const log = createMemoryAuditLog({ clock: createManualClock(), maxEntries: 2 });
  for (let at = 0; at < 3; at += 1) {
    expect(await log.append(callDraft(at, { arguments: { token: "x", at } }))).toEqual({
      isDurable: true,
      seq: at,
    });
  }
  expect(log.entries).toMatchObject([
    { seq: 1, arguments: { at: 1, token: "[redacted: name]" } },
    { seq: 2 },
  ]);
  expect(log.state).toMatchObject({ status: "ready", size: 3 });
  await log[Symbol.asyncDispose]();
  await expect(log.append(callDraft(3))).rejects.toMatchObject({ code: "ERR_AUDIT_CLOSED" });
});

test("takes entries without waiting as a log on the disk does", async () => {
  const clock = createManualClock();
  const log = createMemoryAuditLog({ clock, maxQueuedEntries: 3 });
  for (let at = 0; at < 2; at += 1) log.enqueue(callDraft(at));
  log.enqueue(callDraft(2, { durationMs: Number.NaN }));
  expect(log.state).toMatchObject({ status: "unavailable", queued: 3, size: 0 });
  expect(() => log.enqueue(callDraft(3))).toThrow(
    expect.objectContaining({ code: "ERR_AUDIT_UNAVAILABLE" }),
  );
  log.enqueue(callDraft(4), { whenUnavailable: "continue" });
  await clock.advance(50);
  await log.append(callDraft(5));
  expect(log.state).toMatchObject({ status: "ready", queued: 0, size: 4, lost: 2, refused: 1 });
  expect(log.entries).toMatchObject([
    { requestId: "r0" },
    { requestId: "r1" },
    { event: "entries-lost", details: { requestId: "r2" } },
    { requestId: "r5" },
  ]);
  log.enqueue(callDraft(6));
  await log[Symbol.asyncDispose]();
  expect(log.entries.at(-1)).toMatchObject({ requestId: "r6" });
  expect(() => log.enqueue(callDraft(7))).toThrow(
    expect.objectContaining({ code: "ERR_AUDIT_CLOSED" }),
  );
});
