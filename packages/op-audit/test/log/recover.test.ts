import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { canonicalJson, verifyLog } from "../../src/index.ts";
import {
  callDraft,
  copyLog,
  key,
  openSampleLog,
  readAll,
  writeSampleLog,
} from "../fixtures/sample-log.ts";
import { makeTempDirectory } from "../fixtures/temp-directory.ts";

const first = "audit-0000000000000000.jsonl";

test("cuts a torn end back to the last whole entry, wherever it was torn", async () => {
  await using directory = await makeTempDirectory();
  const log = join(directory.path, "log");
  await writeSampleLog(log, 1);
  await rm(join(log, "checkpoints.jsonl"));
  const bytes = await readFile(join(log, first));
  const tear = async (end: number) => {
    const copy = await copyLog(log, directory.path, `torn-${end}`);
    await writeFile(join(copy, first), bytes.subarray(0, end));
    await (await openSampleLog(copy))[Symbol.asyncDispose]();
    const entries = await readAll(copy);
    const events = entries.flatMap((entry) => (entry.kind === "event" ? [entry.event] : []));
    const { isIntact, size } = await verifyLog({ directory: copy });
    return { isIntact, size, isReported: events.includes("log-recovered") };
  };
  const ends = Array.from({ length: bytes.length + 1 }, (_, end) => end);
  for (let at = 0; at < ends.length; at += 16) {
    await Promise.all(
      ends.slice(at, at + 16).map(async (end) => {
        const lines = bytes.subarray(0, end).toString().split("\n");
        const isTorn = lines.at(-1) !== "";
        const whole = Math.max(0, lines.length - 2);
        // Opening and closing add an entry each, and what was cut off is told in another.
        const size = whole + 2 + (isTorn ? 1 : 0);
        expect({ end, ...(await tear(end)) }).toEqual({
          end,
          isIntact: true,
          size,
          isReported: isTorn,
        });
      }),
    );
  }
}, 180_000);

test("starts again with one flipped bit in any byte, hides it from nobody, and loses no other entry", async () => {
  await using directory = await makeTempDirectory();
  const log = join(directory.path, "log");
  await writeSampleLog(log, 2);
  const bytes = await readFile(join(log, first));
  const entryLines = bytes.toString().split("\n").slice(1, -1);
  const flip = async (at: number) => {
    const copy = await copyLog(log, directory.path, `flipped-${at}`);
    const flipped = Buffer.from(bytes);
    flipped[at]! ^= 1 << (at % 8);
    await writeFile(join(copy, first), flipped);
    {
      await using opened = await openSampleLog(copy);
      expect(await opened.append(callDraft(7))).toMatchObject({ isDurable: true });
    }
    const entries = await readAll(copy);
    expect(entries).toContainEqual(expect.objectContaining({ event: "log-recovered" }));
    const report = await verifyLog({ directory: copy, verifiers: [key.verifier] });
    expect(report.isIntact, `bit in byte ${at}`).toBe(false);
    const whole = new Set(flipped.toString("latin1").split("\n").slice(0, -1));
    const texts = entries.map(({ seq: _seq, ...record }) => canonicalJson(record));
    for (const line of entryLines.filter((text) => whole.has(text))) {
      expect(texts).toContain(line.slice(line.indexOf('"e":') + 4, -1));
    }
    await rm(copy, { recursive: true });
  };
  const places = [...bytes.keys()];
  for (let at = 0; at < places.length; at += 16)
    await Promise.all(places.slice(at, at + 16).map(flip));
}, 180_000);

test("cuts off zeros that a file system left, and says how many", async () => {
  await using directory = await makeTempDirectory();
  await writeSampleLog(directory.path, 3);
  const path = join(directory.path, first);
  await writeFile(path, Buffer.concat([await readFile(path), Buffer.alloc(4096)]));
  await (await openSampleLog(directory.path))[Symbol.asyncDispose]();
  expect(await readAll(directory.path)).toContainEqual(
    expect.objectContaining({ event: "log-recovered", details: { tornBytes: 4096, faults: [] } }),
  );
});

test("keeps a damaged segment as it is, begins a new one, and says so", async () => {
  await using directory = await makeTempDirectory();
  await writeSampleLog(directory.path, 5);
  const path = join(directory.path, first);
  const damaged = (await readFile(path, "utf8")).replace("tool_2", "tool_X");
  await writeFile(path, damaged);
  await writeSampleLog(directory.path, 5);
  expect(await readFile(path, "utf8")).toBe(damaged);
  const { faults, size } = await verifyLog({ directory: directory.path });
  expect(faults.map(({ kind, seq }) => [kind, seq])).toEqual([["modified", 3]]);
  expect(size).toBe(7 + 1 + 7);
  expect((await readAll(directory.path)).map(({ seq }) => seq)).toEqual(
    Array.from({ length: 15 }, (_, at) => at),
  );
  expect(await readAll(directory.path)).toContainEqual(
    expect.objectContaining({ event: "log-recovered" }),
  );
});

test.each([
  [
    "a header that was changed",
    (bytes: Buffer) => Buffer.from(bytes.toString().replace("example/audit", "example/other")),
  ],
  ["nothing but garbage", () => Buffer.from("garbage\nmore garbage\n")],
  ["a header that was never finished", (bytes: Buffer) => bytes.subarray(0, 30)],
])(
  "starts again with %s in the last segment, and loses none of the others",
  async (_what, change) => {
    await using directory = await makeTempDirectory();
    await writeSampleLog(directory.path, 12, { rotateEvery: 5 });
    const last = (await readdir(directory.path)).findLast((name) => /^audit.*jsonl$/.test(name))!;
    const path = join(directory.path, last);
    await writeFile(path, change(await readFile(path)));
    {
      await using log = await openSampleLog(directory.path);
      expect(await log.append(callDraft(0))).toMatchObject({ isDurable: true });
    }
    const kept = (await readAll(directory.path)).map(({ requestId }) => requestId);
    expect(kept).toEqual(expect.arrayContaining(["r0", "r5", "r9"]));
  },
);

test("goes on when the last segment is gone altogether", async () => {
  await using directory = await makeTempDirectory();
  await writeSampleLog(directory.path, 12, { rotateEvery: 5 });
  const last = (await readdir(directory.path)).findLast((name) => /^audit.*jsonl$/.test(name))!;
  await rm(join(directory.path, last));
  await writeSampleLog(directory.path, 1);
  const entries = await readAll(directory.path);
  expect(entries.map(({ seq }) => seq)).toEqual(
    Array.from({ length: entries.length }, (_, at) => at),
  );
});

test("cuts off a checkpoint that was not finished", async () => {
  await using directory = await makeTempDirectory();
  await writeSampleLog(directory.path, 3);
  const path = join(directory.path, "checkpoints.jsonl");
  await writeFile(path, `${await readFile(path, "utf8")}{"note":"exa`);
  await writeSampleLog(directory.path, 3);
  expect(await verifyLog({ directory: directory.path })).toMatchObject({
    isIntact: true,
    size: 10,
  });
});
