import { expect, test } from "vitest";
import { followEntries, matchesFilter, openAuditIndex, readEntries } from "../../src/index.ts";
import type { AuditFilter } from "../../src/index.ts";
import {
  callDraft,
  openSampleLog,
  readAll,
  startMs,
  writeSampleLog,
} from "../fixtures/sample-log.ts";
import { makeTempDirectory } from "../fixtures/temp-directory.ts";

const filters: readonly AuditFilter[] = [
  {},
  { tool: "tool_3" },
  { principal: "unix:uid=1001", outcome: "failed" },
  { risk: "write", sessionId: "s4" },
  { kind: "event" },
  { event: "log-closed" },
  { text: "TOOL_5" },
  { text: "nowhere" },
  { afterSeq: 10, beforeSeq: 20 },
  { fromMs: startMs },
  { fromMs: startMs + 1 },
  { toMs: startMs },
  { toMs: startMs - 1 },
];

test.each(filters)("chooses as the index does: %j", async (filter) => {
  await using directory = await makeTempDirectory();
  await writeSampleLog(directory.path, 40, { rotateEvery: 15 });
  await using index = await openAuditIndex({ directory: directory.path, path: ":memory:" });
  const found = await Array.fromAsync(index.query(filter, { order: "oldest" }));
  expect(await Array.fromAsync(readEntries({ directory: directory.path, filter }))).toEqual(found);
  const entries = await readAll(directory.path);
  expect(entries.filter((entry) => matchesFilter(entry, filter))).toEqual(found);
  if (filter.text !== undefined) return;
  const totals = await index.totals(filter);
  expect(totals.count).toBe(found.length);
});

test("follows only what is wanted", async () => {
  await using directory = await makeTempDirectory();
  await using log = await openSampleLog(directory.path);
  const stop = new AbortController();
  const filter = { outcome: "failed" } as const;
  const following = followEntries({ directory: directory.path, filter, signal: stop.signal });
  for (let at = 0; at < 20; at += 1) log.enqueue(callDraft(at));
  await log.flush();
  expect((await following.next()).value).toMatchObject({ requestId: "r9" });
  expect((await following.next()).value).toMatchObject({ requestId: "r19" });
  stop.abort();
  expect(await following.next()).toMatchObject({ done: true });
});

test("counts what is wanted by a field, and says from when to when it is", async () => {
  await using directory = await makeTempDirectory();
  await writeSampleLog(directory.path, 40);
  await using index = await openAuditIndex({ directory: directory.path, path: ":memory:" });
  expect(await index.count("outcome")).toEqual([
    { value: "ok", count: 36 },
    { value: "failed", count: 4 },
  ]);
  expect(await index.count("tool", { outcome: "failed" })).toEqual([
    { value: "tool_1", count: 1 },
    { value: "tool_2", count: 1 },
    { value: "tool_4", count: 1 },
    { value: "tool_5", count: 1 },
  ]);
  expect(await index.count("risk", { fromMs: startMs + 1 })).toEqual([]);
  expect(await index.totals({ principal: "unix:uid=1000" })).toEqual({
    count: 14,
    fromMs: startMs,
    toMs: startMs,
  });
  expect(await index.totals({ tool: "none" })).toEqual({ count: 0 });
});
