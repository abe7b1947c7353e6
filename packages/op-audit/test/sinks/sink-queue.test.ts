import { silentLogger } from "op-core";
import { createManualClock } from "op-core/testing";
import { expect, test } from "vitest";
import { verifyLog, type AuditMessage, type AuditSink } from "../../src/index.ts";
import { createMemorySink, readWitnessFile, createFileSink } from "../../src/sinks/index.ts";
import { checkpointMessage } from "../../src/sinks/audit-message.ts";
import { SinkQueue } from "../../src/sinks/sink-queue.ts";
import { callDraft, key, openSampleLog, writeSampleLog } from "../fixtures/sample-log.ts";
import { makeTempDirectory } from "../fixtures/temp-directory.ts";
import { join } from "node:path";

const message = (size: number): AuditMessage =>
  checkpointMessage("2026-11-21T00:00:00.000Z", size, `note ${size}`);

function createFlakySink(): AuditSink & { isDown: boolean; readonly got: string[] } {
  const got: string[] = [];
  return {
    name: "flaky",
    isDown: false,
    got,
    async write(messages) {
      await Promise.resolve();
      if (this.isDown) throw new Error("down");
      got.push(...messages.map(({ text }) => text));
    },
    [Symbol.asyncDispose]: async () => undefined,
  };
}

test("keeps what a sink missed while it was away, and drops and counts the oldest beyond that", async () => {
  const clock = createManualClock();
  const sink = createFlakySink();
  const queue = new SinkQueue(sink, { clock, logger: silentLogger, maxQueued: 3 });
  sink.isDown = true;
  for (let size = 0; size < 5; size += 1) queue.push([message(size)]);
  await clock.advance(2500);
  expect(queue.state).toEqual({ name: "flaky", isHealthy: false, queued: 3, dropped: 2 });
  sink.isDown = false;
  await clock.advance(1000);
  expect(sink.got).toEqual(["note 2", "note 3", "note 4"]);
  expect(queue.state).toMatchObject({ isHealthy: true, queued: 0 });
  await queue[Symbol.asyncDispose]();
  expect(clock.pendingTimers).toBe(0);
});

test("closes in time although the sink never answers", async () => {
  const clock = createManualClock();
  const sink: AuditSink = {
    name: "stuck",
    write: async (_messages, { signal } = {}) =>
      await new Promise((_resolve, reject) =>
        signal?.addEventListener("abort", () => reject(new Error("aborted"))),
      ),
    [Symbol.asyncDispose]: async () => undefined,
  };
  const queue = new SinkQueue(sink, { clock, logger: silentLogger, closeTimeoutMs: 100 });
  queue.push([message(1)]);
  const closing = queue[Symbol.asyncDispose]();
  await clock.advance(100);
  await closing;
  expect(queue.state.queued).toBe(1);
});

test("a sink that fails holds up neither the log nor another sink", async () => {
  await using directory = await makeTempDirectory();
  const broken = createFlakySink();
  broken.isDown = true;
  const clock = createManualClock();
  const memory = createMemorySink();
  const log = await openSampleLog(directory.path, { clock, sinks: [broken, memory] });
  for (let at = 0; at < 5; at += 1) await log.append(callDraft(at));
  expect(log.state.sinks).toMatchObject([{ isHealthy: false, queued: 6 }, { isHealthy: true }]);
  expect(memory.messages).toHaveLength(6);
  const done = new AbortController();
  const closing = (async () => {
    await log[Symbol.asyncDispose]();
    done.abort();
  })();
  // The log gives the sink some time to close, which nobody but the test lets pass.
  while (!done.signal.aborted) await clock.advance(100);
  await closing;
  expect(memory.messages).toHaveLength(7);
});

test("a file elsewhere is a witness that is read back", async () => {
  await using directory = await makeTempDirectory();
  const path = join(directory.path, "witness.jsonl");
  const log = join(directory.path, "log");
  await writeSampleLog(log, 5, { witnesses: [createFileSink({ path })] });
  const witnessed = await readWitnessFile(path);
  expect(witnessed).toHaveLength(1);
  const report = await verifyLog({ directory: log, verifiers: [key.verifier], witnessed });
  expect(report).toMatchObject({ isIntact: true, checkpoints: { verified: 2, unverified: 0 } });
});
