import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { createManualClock } from "op-core/testing";
import { expect, test } from "vitest";
import {
  proveEntry,
  proveGrowth,
  verifyConsistency,
  verifyLog,
  verifyProof,
  type AuditConfig,
} from "../../src/index.ts";
import { callDraft, key, openSampleLog, readAll, startMs } from "../fixtures/sample-log.ts";
import { makeTempDirectory } from "../fixtures/temp-directory.ts";

const day = 24 * 60 * 60 * 1000;
const verifiers = [key.verifier];

/** A segment a day for ten days, and what retention leaves of it. */
async function writeTenDays(directory: string, retention: Partial<AuditConfig["retention"]>) {
  const clock = createManualClock({ startMs });
  const policy = { maxAgeMs: 0, maxTotalBytes: 0, holds: [], ...retention };
  await using log = await openSampleLog(directory, { clock, retention: policy });
  for (let at = 0; at < 10; at += 1) {
    await log.append(callDraft(at));
    await log.append(callDraft(at));
    await clock.advance(day);
    await log.rotate();
  }
  await log.tidy();
  await log.append(callDraft(10));
}

async function remainingDays(directory: string): Promise<number[]> {
  const entries = await readAll(directory);
  return [
    ...new Set(
      entries.flatMap(({ requestId }) =>
        requestId === undefined ? [] : [Number(requestId.slice(1))],
      ),
    ),
  ];
}

test("removes what is too old, and the log still verifies", async () => {
  await using directory = await makeTempDirectory();
  await writeTenDays(directory.path, { maxAgeMs: 3.5 * day });
  expect(await remainingDays(directory.path)).toEqual([6, 7, 8, 9, 10]);
  const report = await verifyLog({ directory: directory.path, verifiers });
  expect(report).toMatchObject({ isIntact: true, faults: [] });
  expect(report.removed).toBeGreaterThanOrEqual(12);
});

test("removes the oldest while all of it takes too much room", async () => {
  await using directory = await makeTempDirectory();
  await writeTenDays(directory.path, { maxTotalBytes: 6000 });
  const days = await remainingDays(directory.path);
  expect(days.length).toBeLessThan(8);
  expect(days.at(-1)).toBe(10);
  const names = (await readdir(directory.path)).filter((name) => /^audit.*jsonl$/.test(name));
  const sizes = await Promise.all(
    names.map(async (name) => (await stat(join(directory.path, name))).size),
  );
  // The entry that tells of the last removal comes after it was decided.
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(7500);
  expect(await verifyLog({ directory: directory.path, verifiers })).toMatchObject({
    isIntact: true,
  });
});

test("keeps what is held, in the midst of what is removed, and proves it", async () => {
  await using directory = await makeTempDirectory();
  const at = (days: number) => new Date(startMs + days * day).toISOString();
  const holds = [{ reason: "case 42", from: at(2.2), to: at(4.1) }];
  await writeTenDays(directory.path, { maxAgeMs: 2 * day, holds });
  expect(await remainingDays(directory.path)).toEqual([2, 3, 4, 7, 8, 9, 10]);
  expect(await verifyLog({ directory: directory.path, verifiers })).toMatchObject({
    isIntact: true,
  });
  for (const { seq } of await readAll(directory.path)) {
    const { entry } = verifyProof(await proveEntry({ directory: directory.path, seq }), verifiers);
    expect(entry.seq).toBe(seq);
  }
  await expect(proveEntry({ directory: directory.path, seq: 1 })).rejects.toMatchObject({
    code: "ERR_AUDIT_PROOF",
  });
});

test("proves that the log only grew, across what was removed", async () => {
  await using directory = await makeTempDirectory();
  await writeTenDays(directory.path, { maxAgeMs: 4.5 * day });
  const { size, root } = await verifyLog({ directory: directory.path });
  const last = (await readAll(directory.path)).findLast(({ requestId }) => requestId === "r9")!;
  const path = await proveGrowth({ directory: directory.path, from: last.seq, to: size });
  const older = await proveGrowth({ directory: directory.path, from: size, to: size });
  expect(older).toEqual([]);
  expect(path.length).toBeGreaterThan(0);
  expect(verifyConsistency({ size: last.seq, root }, { size, root }, path)).toBe(false);
});
