import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { followEntries, openAuditIndex, readEntries } from "../../src/index.ts";
import { callDraft, openSampleLog, writeSampleLog } from "../fixtures/sample-log.ts";
import { makeTempDirectory } from "../fixtures/temp-directory.ts";

test("reads from any place on", async () => {
  await using directory = await makeTempDirectory();
  await writeSampleLog(directory.path, 20, { rotateEvery: 6, compression: "gzip" });
  for (const from of [0, 1, 7, 8, 21, 22]) {
    const seqs = await Array.fromAsync(
      readEntries({ directory: directory.path, from }),
      ({ seq }) => seq,
    );
    expect(seqs).toEqual(Array.from({ length: 22 - from }, (_, at) => from + at));
  }
});

test("follows the log as it grows, over new segments, until it is told to stop", async () => {
  await using directory = await makeTempDirectory();
  await using log = await openSampleLog(directory.path, { compression: "zstd" });
  const stop = new AbortController();
  const seen: number[] = [];
  const following = (async () => {
    for await (const { seq } of followEntries({
      directory: directory.path,
      from: 3,
      signal: stop.signal,
    })) {
      seen.push(seq);
      if (seq === 40) stop.abort();
    }
  })();
  for (let at = 0; at < 40; at += 1) {
    await log.append(callDraft(at));
    if (at % 9 === 8) await log.rotate();
    if (at % 20 === 10) await log.tidy();
  }
  await following;
  expect(seen).toEqual(Array.from({ length: 38 }, (_, at) => at + 3));
});

test("stops reading when its signal aborts", async () => {
  await using directory = await makeTempDirectory();
  await writeSampleLog(directory.path, 3);
  const signal = AbortSignal.abort(new Error("enough"));
  await expect(Array.fromAsync(readEntries({ directory: directory.path, signal }))).rejects.toThrow(
    "enough",
  );
});

test("passes over what was damaged, also in the index, and hides nothing else", async () => {
  await using directory = await makeTempDirectory();
  await writeSampleLog(directory.path, 6);
  const path = join(directory.path, "audit-0000000000000000.jsonl");
  const text = await readFile(path, "utf8");
  await writeFile(
    path,
    text.replace('"requestId":"r2"', '"requestId"="r2"').replace('"at":2', "?at?:2"),
  );
  const expected = [0, 1, 2, 4, 5, 6, 7];
  const read = await Array.fromAsync(readEntries({ directory: directory.path }));
  expect(read.map(({ seq }) => seq)).toEqual(expected);
  await using index = await openAuditIndex({ directory: directory.path, path: ":memory:" });
  const found = await Array.fromAsync(index.query({}, { order: "oldest" }));
  expect(found.map(({ seq }) => seq)).toEqual(expected);
});
