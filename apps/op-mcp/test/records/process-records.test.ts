import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { silentLogger } from "op-core";
import { createManualClock } from "op-core/testing";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { keepRecord } from "../../src/records/keep-record.ts";
import {
  isProcessRecord,
  readProcessRecords,
  recordFileOf,
} from "../../src/records/process-records.ts";

let directory = "";

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "op-mcp-records-"));
});

afterEach(() => rm(directory, { recursive: true }));

it("the record of a process is there while it is kept, and as it is then", async () => {
  const clock = createManualClock();
  let count = 0;
  const describe = () => Promise.resolve({ count });
  const kept = keepRecord({ directory, describe, startedAtMs: 0, clock, logger: silentLogger });
  const read = () => readProcessRecords(directory, isProcessRecord);
  const startedAt = "1970-01-01T00:00:00.000Z";
  await vi.waitFor(() => expect(read()).toEqual([{ pid: process.pid, startedAt, count: 0 }]));
  count = 1;
  await vi.waitFor(async () => {
    await clock.advance(1000);
    expect(read()).toMatchObject([{ count: 1 }]);
  });
  kept[Symbol.dispose]();
  expect(read()).toEqual([]);
});

it("the record of a process that died is taken away, and one that makes no sense is none", async () => {
  const { pid } = spawnSync(process.execPath, ["-e", ""]);
  await writeFile(recordFileOf(directory, pid), JSON.stringify({ pid, startedAt: "" }));
  await writeFile(recordFileOf(directory, process.pid), "[]");
  expect(readProcessRecords(directory, isProcessRecord)).toEqual([]);
  expect(existsSync(recordFileOf(directory, pid))).toBe(false);
});

it("where no process ever kept one there is none", () => {
  expect(readProcessRecords(join(directory, "none"), isProcessRecord)).toEqual([]);
});
