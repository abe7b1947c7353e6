import { systemClock } from "op-core";
import { createManualClock } from "op-core/testing";
import { expect, test } from "vitest";
import { followEntries, verifyLog, type AuditDraft, type AuditEntry } from "../../src/index.ts";
import { createMemorySink } from "../../src/sinks/index.ts";
import { createBreakableFiles } from "../fixtures/breakable-files.ts";
import { createRecordingLogger } from "../fixtures/recording-logger.ts";
import { callDraft, openSampleLog, readAll, startMs } from "../fixtures/sample-log.ts";
import { makeTempDirectory } from "../fixtures/temp-directory.ts";

/** What callers wrote, without what the log says of itself. */
function callsIn(entries: readonly AuditEntry[]): (string | undefined)[] {
  return entries.filter(({ kind }) => kind !== "event").map(({ requestId }) => requestId);
}

function detailsOf(entries: readonly AuditEntry[], name: string): unknown[] {
  return entries.flatMap((entry) =>
    entry.kind === "event" && entry.event === name ? [entry.details] : [],
  );
}

/** Typed like a draft, as foreign values are, and no JSON. */
function cyclicDraft(): AuditDraft {
  const cycle: Record<string, unknown> = {};
  cycle["self"] = cycle;
  return callDraft(0, { arguments: cycle, requestId: "cyclic" });
}

test("keeps the order and the times at which entries came, whoever waits for which", async () => {
  await using directory = await makeTempDirectory();
  const clock = createManualClock({ startMs });
  {
    await using log = await openSampleLog(directory.path, { clock });
    log.enqueue(callDraft(0));
    await clock.advance(7);
    log.enqueue(callDraft(1));
    const appended = log.append(callDraft(2));
    log.enqueue(callDraft(3));
    expect(log.state).toMatchObject({ status: "ready", size: 1, queued: 3 });
    expect(await appended).toEqual({ isDurable: true, seq: 3 });
    log.enqueue(callDraft(4));
  }
  const entries = await readAll(directory.path);
  expect(callsIn(entries)).toEqual(["r0", "r1", "r2", "r3", "r4"]);
  expect(entries[2]!.at).toBe(new Date(startMs + 7).toISOString());
  expect(await verifyLog({ directory: directory.path })).toMatchObject({ isIntact: true, size: 7 });
  expect(clock.pendingTimers).toBe(0);
});

test("writes what nobody waits for by itself after a while", async () => {
  await using directory = await makeTempDirectory();
  await using log = await openSampleLog(directory.path, { clock: systemClock, flushIntervalMs: 5 });
  const { signal } = new AbortController();
  const following = followEntries({ directory: directory.path, from: 1, signal, pollMs: 20 });
  log.enqueue(callDraft(0));
  expect((await following.next()).value).toMatchObject({ seq: 1, requestId: "r0" });
  await following.return(undefined);
});

test.each([
  ["a flush", "flush"],
  ["a checkpoint", "checkpoint"],
  ["a rotation", "rotate"],
] as const)("has everything durable that came before %s", async (_what, method) => {
  await using directory = await makeTempDirectory();
  await using log = await openSampleLog(directory.path);
  for (let at = 0; at < 10; at += 1) log.enqueue(callDraft(at));
  await log[method]();
  expect(log.state).toMatchObject({ size: 11, queued: 0 });
});

test("signs what was enqueued before", async () => {
  await using directory = await makeTempDirectory();
  await using log = await openSampleLog(directory.path);
  log.enqueue(callDraft(0));
  expect(await log.checkpoint()).toContain("example/audit\n2\n");
});

test("says in the place of an entry that is not JSON what was lost, and goes on", async () => {
  await using directory = await makeTempDirectory();
  const logger = createRecordingLogger();
  {
    await using log = await openSampleLog(directory.path, { logger });
    log.enqueue(callDraft(0));
    log.enqueue(cyclicDraft());
    log.enqueue(callDraft(1));
    await log.flush();
    expect(log.state).toMatchObject({ status: "ready", lost: 1, queued: 0, size: 4 });
  }
  const entries = await readAll(directory.path);
  expect(entries.map(({ kind }) => kind)).toEqual([
    "event",
    "call-ended",
    "event",
    "call-ended",
    "event",
  ]);
  expect(detailsOf(entries, "entries-lost")).toMatchObject([
    { lost: 1, kind: "call-ended", tool: "tool_0", requestId: "cyclic" },
  ]);
  expect(logger.messages).toEqual(["An audit entry cannot be written."]);
});

test("keeps what was taken while the disk fails, refuses more, and goes on by itself", async () => {
  await using directory = await makeTempDirectory();
  const files = createBreakableFiles();
  const clock = createManualClock({ startMs });
  {
    await using log = await openSampleLog(directory.path, { files, clock });
    files.isBroken = true;
    log.enqueue(callDraft(0));
    await log.flush();
    expect(log.state).toMatchObject({
      status: "unavailable",
      queued: 1,
      error: { code: "ENOSPC" },
    });
    expect(() => log.enqueue(callDraft(1))).toThrow(
      expect.objectContaining({ code: "ERR_AUDIT_UNAVAILABLE" }),
    );
    log.enqueue(callDraft(2), { whenUnavailable: "continue" });
    files.isBroken = false;
    await clock.advance(1000);
    await log.flush();
    expect(log.state).toMatchObject({ status: "ready", queued: 0, lost: 0, refused: 1 });
    log.enqueue(callDraft(3));
  }
  const entries = await readAll(directory.path);
  expect(callsIn(entries)).toEqual(["r0", "r2", "r3"]);
  expect(detailsOf(entries, "entries-lost")).toEqual([{ lost: 0, refused: 1 }]);
});

test("can be written again without anybody trying", async () => {
  await using directory = await makeTempDirectory();
  const files = createBreakableFiles();
  const clock = createManualClock({ startMs });
  await using log = await openSampleLog(directory.path, { files, clock });
  files.isBroken = true;
  await expect(log.append(callDraft(0))).rejects.toMatchObject({ code: "ERR_AUDIT_UNAVAILABLE" });
  files.isBroken = false;
  await clock.advance(1000);
  await log.flush();
  expect(log.state).toMatchObject({ status: "ready", size: 2, refused: 1 });
});

test("takes no more than it may, and counts and sends on what it loses when it is to go on", async () => {
  await using directory = await makeTempDirectory();
  const [files, sink, logger] = [
    createBreakableFiles(),
    createMemorySink(),
    createRecordingLogger(),
  ];
  const options = { files, logger, sinks: [sink], maxQueuedEntries: 3 } as const;
  const log = await openSampleLog(directory.path, { ...options, whenUnavailable: "continue" });
  for (let at = 0; at < 5; at += 1) log.enqueue(callDraft(at));
  expect(log.state).toMatchObject({ status: "unavailable", queued: 3, lost: 2 });
  expect(() => log.enqueue(callDraft(5), { whenUnavailable: "refuse" })).toThrow(
    expect.objectContaining({ code: "ERR_AUDIT_UNAVAILABLE" }),
  );
  await log.flush();
  expect(log.state).toMatchObject({ status: "ready", queued: 0 });
  files.isBroken = true;
  log.enqueue(callDraft(6));
  await log[Symbol.asyncDispose]();
  // The entry about the closing was lost as well.
  expect(log.state).toMatchObject({ status: "closed", lost: 4, refused: 1 });
  expect(() => log.enqueue(callDraft(7))).toThrow(
    expect.objectContaining({ code: "ERR_AUDIT_CLOSED" }),
  );
  const unwritten = sink.messages.flatMap((message) =>
    message.kind === "entry" && message.entry.seq === undefined ? [message.entry.requestId] : [],
  );
  expect(unwritten).toEqual(["r3", "r4", undefined, "r6"]);
  expect(logger.messages).toEqual([
    "The audit log loses entries.",
    "The audit log cannot be written.",
    "The audit log was closed before all of it was written.",
  ]);
  expect(callsIn(await readAll(directory.path))).toEqual(["r0", "r1", "r2"]);
});
