import { readdir } from "node:fs/promises";
import { createManualClock } from "op-core/testing";
import { describe, expect, test } from "vitest";
import { AuditConfig, createAuditKey, verifyLog, type SecurityEvent } from "../../src/index.ts";
import { createMemorySink } from "../../src/sinks/index.ts";
import {
  callDraft,
  key,
  openSampleLog,
  readAll,
  startMs,
  writeSampleLog,
} from "../fixtures/sample-log.ts";
import { makeTempDirectory } from "../fixtures/temp-directory.ts";

const verifiers = [key.verifier];

test("gives every entry its place, in the order they came, and says so only when it is written", async () => {
  await using directory = await makeTempDirectory();
  await using log = await openSampleLog(directory.path);
  const receipts = await Promise.all(
    Array.from({ length: 100 }, async (_, at) => await log.append(callDraft(at))),
  );
  expect(receipts.map((receipt) => receipt.isDurable && receipt.seq)).toEqual(
    Array.from({ length: 100 }, (_, at) => at + 1),
  );
  const entries = await readAll(directory.path);
  expect(entries.map(({ seq }) => seq)).toEqual(Array.from({ length: 101 }, (_, at) => at));
  expect(entries[5]).toMatchObject({ tool: "tool_4", requestId: "r4" });
});

test("goes on where it ended, and one chain and tree run through all of it", async () => {
  await using directory = await makeTempDirectory();
  for (let run = 0; run < 3; run += 1)
    await writeSampleLog(directory.path, 25, { rotateEvery: 10 });
  const report = await verifyLog({ directory: directory.path, verifiers });
  expect(report).toMatchObject({ isIntact: true, faults: [], size: 3 * 27, verifiedSize: 3 * 27 });
  const events = (await readAll(directory.path)).filter(
    (entry): entry is SecurityEvent & { seq: number } => entry.kind === "event",
  );
  expect(events.map(({ event }) => event)).toEqual(
    Array.from({ length: 3 }, () => ["log-opened", "log-closed"]).flat(),
  );
});

test("refuses a second writer until the first one is gone", async () => {
  await using directory = await makeTempDirectory();
  const log = await openSampleLog(directory.path);
  await expect(openSampleLog(directory.path)).rejects.toMatchObject({ code: "ERR_AUDIT_LOCKED" });
  await log[Symbol.asyncDispose]();
  await using second = await openSampleLog(directory.path);
  expect(second.state.status).toBe("ready");
});

test("closes once, finishes what was queued, and refuses what comes later", async () => {
  await using directory = await makeTempDirectory();
  const log = await openSampleLog(directory.path);
  const queued = Array.from({ length: 10 }, async (_, at) => await log.append(callDraft(at)));
  const closing = Promise.all([log[Symbol.asyncDispose](), log[Symbol.asyncDispose]()]);
  await expect(log.append(callDraft(11))).rejects.toMatchObject({ code: "ERR_AUDIT_CLOSED" });
  await closing;
  expect(await Promise.all(queued)).toHaveLength(10);
  expect(log.state.status).toBe("closed");
  const report = await verifyLog({ directory: directory.path, verifiers });
  expect(report).toMatchObject({ isIntact: true, size: 12 });
});

test("does not write an entry whose signal has aborted", async () => {
  await using directory = await makeTempDirectory();
  await using log = await openSampleLog(directory.path);
  const signal = AbortSignal.abort(new Error("gone"));
  await expect(log.append(callDraft(0), { signal })).rejects.toThrow("gone");
  expect(log.state.size).toBe(1);
});

test("notes when the clock goes backwards, also while it was closed", async () => {
  await using directory = await makeTempDirectory();
  await writeSampleLog(directory.path, 1);
  const late = createManualClock({ startMs });
  let behindMs = 5000;
  const clock = { ...late, now: () => late.now() - behindMs };
  {
    await using log = await openSampleLog(directory.path, { clock });
    behindMs = 7000;
    await log.append(callDraft(1));
  }
  const notes = (await readAll(directory.path)).flatMap((entry) =>
    entry.kind === "event" && entry.event === "clock-went-backwards" ? [entry.details] : [],
  );
  expect(notes).toMatchObject([{ byMs: 5000 }, { byMs: 2000 }]);
});

describe("rotation", () => {
  test("begins a new segment when the last one is long enough", async () => {
    await using directory = await makeTempDirectory();
    await writeSampleLog(directory.path, 60, { maxSegmentBytes: 4096 });
    const segments = (await readdir(directory.path)).filter((name) => name.endsWith(".jsonl"));
    expect(segments.length).toBeGreaterThan(4);
    expect(await verifyLog({ directory: directory.path, verifiers })).toMatchObject({
      isIntact: true,
      size: 62,
    });
  });

  test("begins a new segment when the last one is old enough", async () => {
    await using directory = await makeTempDirectory();
    const clock = createManualClock({ startMs });
    await using log = await openSampleLog(directory.path, { clock, maxSegmentAgeMs: 60_000 });
    await clock.advance(59_999);
    await log.append(callDraft(0));
    expect(await segmentsIn(directory.path)).toHaveLength(1);
    await clock.advance(1);
    await log.append(callDraft(1));
    expect(await segmentsIn(directory.path)).toHaveLength(2);
  });

  test.each(["zstd", "gzip"] as const)(
    "compresses closed segments with %s",
    async (compression) => {
      await using directory = await makeTempDirectory();
      await writeSampleLog(directory.path, 40, { rotateEvery: 10, compression });
      const endings = (await readdir(directory.path)).map((name) => name.slice(name.indexOf(".")));
      expect(
        endings.filter(
          (ending) => ending === (compression === "zstd" ? ".jsonl.zst" : ".jsonl.gz"),
        ),
      ).toHaveLength(4);
      expect(await segmentsIn(directory.path)).toHaveLength(1);
      expect(await verifyLog({ directory: directory.path, verifiers })).toMatchObject({
        isIntact: true,
        size: 42,
      });
      expect(await readAll(directory.path)).toHaveLength(42);
    },
  );
});

describe("checkpoints", () => {
  test("are signed after so many entries, after so long, on demand and at the end", async () => {
    await using directory = await makeTempDirectory();
    const clock = createManualClock({ startMs });
    const witness = createMemorySink();
    {
      const policy = { checkpointEntries: 10, checkpointIntervalMs: 1000 };
      await using log = await openSampleLog(directory.path, {
        clock,
        witnesses: [witness],
        ...policy,
      });
      for (let at = 0; at < 9; at += 1) await log.append(callDraft(at));
      expect(log.state.checkpoint?.size).toBe(10);
      await log.append(callDraft(9));
      await clock.advance(1000);
      expect(log.state.checkpoint?.size).toBe(11);
      await log.append(callDraft(10));
      await log.checkpoint();
      expect(log.state.checkpoint?.size).toBe(12);
    }
    const sizes = witness.messages.map((message) => message.kind === "checkpoint" && message.size);
    expect(sizes).toEqual([10, 11, 12, 13]);
    expect(clock.pendingTimers).toBe(0);
  });

  test("go on with another key, which whoever trusts the first one trusts from then on", async () => {
    await using directory = await makeTempDirectory();
    const next = createAuditKey("example/audit");
    const last = createAuditKey("example/audit");
    {
      await using log = await openSampleLog(directory.path);
      await log.append(callDraft(0));
      await log.rotateKey(next);
      await log.append(callDraft(1));
      await log.rotateKey(last);
    }
    const report = await verifyLog({ directory: directory.path, verifiers });
    expect(report).toMatchObject({ isIntact: true, size: 6, verifiedSize: 6 });
    const stranger = createAuditKey("example/audit").verifier;
    const distrusted = await verifyLog({ directory: directory.path, verifiers: [stranger] });
    expect(distrusted.faults.map(({ kind }) => kind)).toContain("checkpoint");
    expect(distrusted.verifiedSize).toBe(0);
  });

  test("of a key that was replaced count no more", async () => {
    await using directory = await makeTempDirectory();
    const next = createAuditKey("example/audit");
    {
      await using log = await openSampleLog(directory.path);
      await log.rotateKey(next);
    }
    await writeSampleLog(directory.path, 1, { key });
    const { faults } = await verifyLog({ directory: directory.path, verifiers });
    expect(faults.map(({ kind }) => kind)).toEqual(["checkpoint"]);
  });
});

test("has a complete configuration by default", () => {
  expect(AuditConfig.parse({})).toMatchObject({
    whenUnavailable: "refuse",
    isPersistent: true,
    retention: { maxAgeMs: 0, maxTotalBytes: 0, holds: [] },
  });
});

async function segmentsIn(directory: string): Promise<string[]> {
  return (await readdir(directory)).filter((name) => /^audit-.*\.jsonl$/.test(name));
}
