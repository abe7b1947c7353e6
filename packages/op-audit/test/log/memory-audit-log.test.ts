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
