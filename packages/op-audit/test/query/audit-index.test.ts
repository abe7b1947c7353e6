import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { createManualClock } from "op-core/testing";
import { expect, test } from "vitest";
import {
  openAuditIndex,
  type AuditEntry,
  type AuditFilter,
  type OpenAuditLogOptions,
} from "../../src/index.ts";
import {
  callDraft,
  openSampleLog,
  readAll,
  startMs,
  writeSampleLog,
} from "../fixtures/sample-log.ts";
import { makeTempDirectory } from "../fixtures/temp-directory.ts";

async function writeTimedLog(
  directory: string,
  count: number,
  options: Partial<OpenAuditLogOptions> = {},
): Promise<void> {
  const clock = createManualClock({ startMs });
  await using log = await openSampleLog(directory, { clock, ...options });
  for (let at = 0; at < count; at += 1) {
    await clock.advance(1000);
    await log.append(callDraft(at, { arguments: { note: `Line ${at} of the Poem` } }));
    if (at % 20 === 19) await log.rotate();
  }
  await log.append({
    kind: "event",
    event: "limit-hit",
    principal: "unix:uid=1000",
    sessionId: "s1",
  });
  await log.tidy();
}

const filters: [string, AuditFilter, (entry: AuditEntry) => boolean][] = [
  ["everything", {}, () => true],
  ["tool", { tool: "tool_3" }, (entry) => entry.kind !== "event" && entry.tool === "tool_3"],
  ["principal", { principal: "unix:uid=1000" }, ({ principal }) => principal === "unix:uid=1000"],
  ["session", { sessionId: "s1" }, ({ sessionId }) => sessionId === "s1"],
  [
    "outcome",
    { outcome: "failed" },
    (entry) => entry.kind === "call-ended" && entry.outcome === "failed",
  ],
  ["risk", { risk: "write" }, (entry) => entry.kind !== "event" && entry.risk === "write"],
  ["kind", { kind: "event" }, ({ kind }) => kind === "event"],
  [
    "event",
    { event: "limit-hit" },
    (entry) => entry.kind === "event" && entry.event === "limit-hit",
  ],
  [
    "time",
    { fromMs: startMs + 10_000, toMs: startMs + 20_000 },
    ({ at }) => Date.parse(at) >= startMs + 10_000 && Date.parse(at) <= startMs + 20_000,
  ],
  [
    "text, in any case",
    { text: "line 7 OF the" },
    (entry) => entry.kind !== "event" && JSON.stringify(entry.arguments).includes("Line 7 of"),
  ],
  [
    "several at once",
    { tool: "tool_1", risk: "read", principal: "unix:uid=1002" },
    (entry) =>
      entry.kind !== "event" &&
      entry.tool === "tool_1" &&
      entry.risk === "read" &&
      entry.principal === "unix:uid=1002",
  ],
  ["a place", { afterSeq: 10, beforeSeq: 13 }, ({ seq }) => seq > 10 && seq < 13],
];

test.each(["none", "zstd"] as const)(
  "finds the same as reading all of it does (%s)",
  async (compression) => {
    await using directory = await makeTempDirectory();
    await writeTimedLog(directory.path, 70, { compression });
    const all = await readAll(directory.path);
    await using index = await openAuditIndex({ directory: directory.path });
    for (const [name, filter, fits] of filters) {
      const expected = all.filter(fits);
      expect(expected.length, name).toBeGreaterThan(0);
      const options = { limit: 1000, order: "oldest" } as const;
      expect(await Array.fromAsync(index.query(filter, options)), name).toEqual(expected);
      const newest = await Array.fromAsync(index.query(filter, { limit: 3 }));
      expect(newest, name).toEqual(expected.toReversed().slice(0, 3));
    }
  },
);

test("learns of new entries by itself, and can be made again from the log alone", async () => {
  await using directory = await makeTempDirectory();
  await using log = await openSampleLog(directory.path);
  const path = join(directory.path, "index.sqlite");
  const sizes: number[] = [];
  for (let round = 0; round < 3; round += 1) {
    await log.append(callDraft(round));
    await using index = await openAuditIndex({ directory: directory.path, path });
    sizes.push((await Array.fromAsync(index.query({}))).length);
  }
  await rm(path);
  await log.rotate();
  await using index = await openAuditIndex({ directory: directory.path });
  sizes.push((await Array.fromAsync(index.query({}))).length, await index.rebuild());
  expect(sizes).toEqual([2, 3, 4, 4, 4]);
  expect(await index.count("kind")).toEqual([
    { value: "call-ended", count: 3 },
    { value: "event", count: 1 },
  ]);
});

test("one that is made again while others read on has everything", async () => {
  await using directory = await makeTempDirectory();
  await writeTimedLog(directory.path, 100);
  const indexes = await Promise.all(
    [1, 2, 3].map(() => openAuditIndex({ directory: directory.path })),
  );
  await using opened = new AsyncDisposableStack();
  for (const index of indexes) opened.use(index);
  const [first, second, third] = indexes;
  const { length } = await readAll(directory.path);
  for (let round = 0; round < 20; round += 1) {
    const rebuilt = first?.rebuild();
    for (let turn = 0; turn < round; turn += 1) await setImmediate();
    await Promise.all([rebuilt, second?.rebuild(), third?.refresh()]);
    expect((await third?.totals())?.count).toBe(length);
  }
});

test("forgets what retention has removed", async () => {
  await using directory = await makeTempDirectory();
  await using index = await openAuditIndex({ directory: directory.path, path: ":memory:" });
  await writeSampleLog(directory.path, 20, { rotateEvery: 5 });
  expect(await index.refresh()).toBe(22);
  const retention = { maxAgeMs: 0, maxTotalBytes: 1, holds: [] };
  await writeSampleLog(directory.path, 1, { retention });
  const found = await Array.fromAsync(index.query({}, { limit: 1000, order: "oldest" }));
  expect(found).toEqual(await readAll(directory.path));
  expect(
    (await readdir(directory.path)).filter((name) => name.endsWith("seal.json")).length,
  ).toBeGreaterThan(0);
});

test("waits for somebody else who sets up the same database", async () => {
  await using directory = await makeTempDirectory();
  await writeSampleLog(directory.path, 3);
  const path = join(directory.path, "index.sqlite");
  const script = `
    const database = new (require("node:sqlite").DatabaseSync)(process.argv[1]);
    database.exec("BEGIN IMMEDIATE; CREATE TABLE other (value)");
    console.log("begun");
    setTimeout(() => database.exec("COMMIT"), 300);`;
  const other = spawn(process.execPath, ["-e", script, path], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(other.stdout, "data");
  await using index = await openAuditIndex({ directory: directory.path, path });
  expect((await index.totals()).count).toBe(5);
});
