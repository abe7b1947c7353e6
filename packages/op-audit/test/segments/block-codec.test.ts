import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { createGunzip } from "node:zlib";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { describe, expect, test } from "vitest";
import { nodeFiles } from "../../src/files/node-files.ts";
import { blockBytes } from "../../src/segments/block-codec.ts";
import { compressSegment } from "../../src/segments/compress-segment.ts";
import { readLines } from "../../src/segments/read-lines.ts";
import { segmentPath } from "../../src/segments/segment-file.ts";
import { openSegmentReader, type SegmentReader } from "../../src/segments/segment-reader.ts";
import { makeTempDirectory } from "../fixtures/temp-directory.ts";
import { readFile } from "node:fs/promises";

const run = promisify(execFile);
const lines = Array.from({ length: 20_000 }, (_, at) => `line ${at} ${"x".repeat(at % 60)}\n`);
const content = lines.join("");

async function compressed(directory: string, compression: "zstd" | "gzip"): Promise<string> {
  await writeFile(segmentPath(directory, 0, "none"), content);
  await compressSegment({ directory, first: 0, compression, files: nodeFiles });
  return segmentPath(directory, 0, compression);
}

async function readWhole(reader: SegmentReader): Promise<string> {
  let whole = "";
  for await (const { buffer } of readLines(reader)) whole += buffer.toString();
  return whole;
}

describe.each(["zstd", "gzip"] as const)("%s", (compression) => {
  test("gives back what went in, in whole and from anywhere", async () => {
    await using directory = await makeTempDirectory();
    const path = await compressed(directory.path, compression);
    await using reader = await openSegmentReader({ path, first: 0, compression });
    expect((await readWhole(reader)) === content).toBe(true);
    for (const offset of [
      0,
      1,
      blockBytes - 3,
      blockBytes,
      2 * blockBytes + 17,
      content.length - 5,
    ]) {
      expect((await reader.read(offset, 10)).toString()).toBe(content.slice(offset, offset + 10));
    }
  });

  test("a damaged block hides no other", async () => {
    await using directory = await makeTempDirectory();
    const path = await compressed(directory.path, compression);
    const bytes = await readFile(path);
    bytes[200]! ^= 1;
    await writeFile(path, bytes);
    await using reader = await openSegmentReader({ path, first: 0, compression });
    const blocks = await Array.fromAsync(
      readLines(reader),
      ({ buffer, damage }) => damage ?? buffer.toString(),
    );
    expect(blocks[0]?.slice(0, 40)).toBe("Compressed block 0 cannot be read.");
    expect(content.endsWith(blocks.slice(1).join(""))).toBe(true);
    expect(blocks.slice(1).join("").length).toBe(content.length - blockBytes);
  });
});

test("the usual tools read it as well", async () => {
  await using directory = await makeTempDirectory();
  const gzipped = await compressed(directory.path, "gzip");
  expect(await text(Readable.from([await readFile(gzipped)]).pipe(createGunzip()))).toBe(content);
  expect((await run("gzip", ["-dc", gzipped], { maxBuffer: 1e8 })).stdout).toBe(content);
  const zstd = join(directory.path, "zstd");
  await nodeFiles.makeDirectory(zstd);
  const path = await compressed(zstd, "zstd");
  expect((await readFile(path)).subarray(0, 4).toString("hex")).toBe("502a4d18");
});

test("a line that is longer than the buffer arrives whole", async () => {
  await using directory = await makeTempDirectory();
  const path = join(directory.path, "long");
  const long = `${"y".repeat(3_000_000)}\nshort\ntail`;
  await writeFile(path, long);
  await using reader = await openSegmentReader({ path, first: 0, compression: "none" });
  const blocks = await Array.fromAsync(readLines(reader), ({ buffer, isTail }) => [
    buffer.toString(),
    isTail,
  ]);
  expect(blocks.map(([part]) => part).join("")).toBe(long);
  expect(blocks.at(-1)).toEqual(["tail", true]);
});
