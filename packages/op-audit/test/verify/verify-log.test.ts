import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createAuditKey, verifyLog, type VerifyReport } from "../../src/index.ts";
import { createMemorySink } from "../../src/sinks/index.ts";
import { formatSeal, readSeal } from "../../src/segments/seal.ts";
import { key, openSampleLog, readAll, writeSampleLog } from "../fixtures/sample-log.ts";
import { makeTempDirectory } from "../fixtures/temp-directory.ts";

const verifiers = [key.verifier];

/** Changes the lines of a file, without the newlines. */
async function edit(
  directory: string,
  name: string,
  change: (lines: string[]) => string[],
): Promise<void> {
  const path = join(directory, name);
  const lines = (await readFile(path, "utf8")).split("\n").slice(0, -1);
  await writeFile(
    path,
    change(lines)
      .map((line) => `${line}\n`)
      .join(""),
  );
}

const first = "audit-0000000000000000.jsonl";

async function verifyEdited(
  change: (directory: string) => Promise<void>,
  options: { readonly count?: number; readonly rotateEvery?: number } = {},
): Promise<VerifyReport> {
  await using directory = await makeTempDirectory();
  await writeSampleLog(directory.path, options.count ?? 10, options);
  await change(directory.path);
  return await verifyLog({ directory: directory.path, verifiers });
}

function told({ faults }: VerifyReport): unknown[] {
  return faults.map(({ kind, seq, count }) => [kind, seq, count]);
}

// Line 0 of a segment is its header, so line n + 1 is entry n.

test("an entry that was changed", async () => {
  const report = await verifyEdited(async (directory) => {
    await edit(directory, first, (lines) =>
      lines.with(5, lines[5]!.replace("unix:uid", "unix:gid")),
    );
  });
  expect(told(report)).toEqual([["modified", 4, 1]]);
});

test("a hash that was changed", async () => {
  const report = await verifyEdited(async (directory) => {
    await edit(directory, first, (lines) => lines.with(5, lines[5]!.replace(/"c":"./, '"c":"-')));
  });
  expect(told(report)).toEqual([["modified", 4, 1]]);
});

test("an entry's number that was changed", async () => {
  const report = await verifyEdited(async (directory) => {
    await edit(directory, first, (lines) => lines.with(5, lines[5]!.replace('"n":4', '"n":9')));
  });
  expect(told(report)).toEqual([["modified", 4, 1]]);
});

test("entries that were swapped", async () => {
  const report = await verifyEdited(async (directory) => {
    await edit(directory, first, (lines) => lines.with(5, lines[6]!).with(6, lines[5]!));
  });
  expect(told(report)).toEqual([["reordered", 4, 1]]);
});

test("an entry that was moved far", async () => {
  const report = await verifyEdited(async (directory) => {
    await edit(directory, first, (lines) => [
      ...lines.toSpliced(4, 1).slice(0, 9),
      lines[4]!,
      ...lines.slice(10),
    ]);
  });
  expect(told(report)).toEqual([["reordered", 3, 1]]);
});

test("entries that were deleted", async () => {
  const report = await verifyEdited(async (directory) => {
    await edit(directory, first, (lines) => lines.toSpliced(4, 3));
  });
  expect(told(report)).toEqual([["deleted", 3, 3]]);
});

test("an entry that was written twice", async () => {
  const report = await verifyEdited(async (directory) => {
    await edit(directory, first, (lines) => lines.toSpliced(5, 0, lines[4]!));
  });
  expect(told(report)).toEqual([["inserted", 4, 1]]);
});

test("several at once, each in its place", async () => {
  const report = await verifyEdited(async (directory) => {
    await edit(directory, first, (lines) =>
      lines
        .with(2, lines[2]!.replace("tool_0", "tool_1"))
        .toSpliced(5, 1)
        .toSpliced(7, 1, "not an entry"),
    );
  });
  expect(told(report)).toEqual([
    ["modified", 1, 1],
    ["deleted", 4, 1],
    ["modified", 7, 1],
  ]);
});

test("an end that was cut off, since a checkpoint knows it", async () => {
  const report = await verifyEdited(async (directory) => {
    await edit(directory, first, (lines) => lines.slice(0, -3));
  });
  expect(told(report)).toEqual([["truncated", 9, 3]]);
});

test("an end that was cut off in the middle of an entry", async () => {
  const report = await verifyEdited(async (directory) => {
    const path = join(directory, first);
    await writeFile(path, (await readFile(path)).subarray(0, -40));
  });
  expect(told(report)).toEqual([["truncated", 11, 1]]);
  expect(report.tornBytes).toBeGreaterThan(0);
});

test("the end of a closed segment that was cut off", async () => {
  const report = await verifyEdited(
    async (directory) => await edit(directory, first, (lines) => lines.slice(0, -2)),
    { rotateEvery: 5 },
  );
  expect(told(report)).toEqual([["truncated", 4, 2]]);
});

test("a segment that was removed with its seal, and one of which only the entries were", async () => {
  const options = { count: 20, rotateEvery: 5 };
  const second = "audit-0000000000000006";
  const without = async (...endings: string[]) =>
    await verifyEdited(async (directory) => {
      for (const ending of endings) await rm(join(directory, `${second}.${ending}`));
    }, options);
  expect(told(await without("jsonl", "seal.json"))).toEqual([["deleted", 6, 5]]);
  expect(told(await without("jsonl"))).toEqual([["deleted", 6, 5]]);
});

test("a segment that was made to look as if retention had removed it", async () => {
  const name = "audit-0000000000000006";
  const report = await verifyEdited(
    async (directory) => {
      const path = join(directory, `${name}.seal.json`);
      const removed = { at: "2026-11-21T00:00:00.000Z", reason: "age" } as const;
      await writeFile(path, formatSeal({ ...(await readSeal(path)), removed }));
      await rm(join(directory, `${name}.jsonl`));
    },
    { count: 20, rotateEvery: 5 },
  );
  expect(told(report)).toEqual([["deleted", 6, 5]]);
});

test("a log that was written anew by somebody without the key", async () => {
  await using directory = await makeTempDirectory();
  const witness = createMemorySink();
  const forged = join(directory.path, "forged");
  await writeSampleLog(join(directory.path, "genuine"), 10, { witnesses: [witness] });
  await writeSampleLog(forged, 12, { key: createAuditKey("example/audit") });
  expect(told(await verifyLog({ directory: forged, verifiers }))).toEqual([["checkpoint", 13, 0]]);
  const witnessed = witness.messages.map(({ text }) => text);
  await rm(join(forged, "checkpoints.jsonl"));
  expect((await verifyLog({ directory: forged, verifiers })).verifiedSize).toBe(0);
  expect(told(await verifyLog({ directory: forged, verifiers, witnessed }))).toEqual([
    ["rewritten", 0, 12],
  ]);
});

test("a log that was removed as a whole, since a witness knows it", async () => {
  await using directory = await makeTempDirectory();
  const witness = createMemorySink();
  await writeSampleLog(join(directory.path, "log"), 10, { witnesses: [witness] });
  const witnessed = witness.messages.map(({ text }) => text);
  const report = await verifyLog({ directory: directory.path, verifiers, witnessed });
  expect(told(report)).toEqual([["truncated", 0, 12]]);
});

test("one flipped bit in any byte of any file, and any truncation", async () => {
  await using directory = await makeTempDirectory();
  const log = join(directory.path, "log");
  await writeSampleLog(log, 3, { rotateEvery: 2 });
  const names = (await readdir(log)).filter((name) => name !== "writer.lock");
  expect(names).toHaveLength(4);
  let checked = 0;
  for (const name of names) {
    const path = join(log, name);
    const bytes = await readFile(path);
    for (let at = 0; at < bytes.length; at += 1) {
      const flipped = Buffer.from(bytes);
      flipped[at]! ^= 1 << (at % 8);
      await writeFile(path, flipped);
      const report = await verifyLog({ directory: log, verifiers });
      // Without its last newline a checkpoint may be one that is being written: it is not counted.
      const isUnseen = report.isIntact && report.verifiedSize === 5;
      expect(isUnseen, `bit in byte ${at} of ${name}`).toBe(false);
      checked += 1;
      if (name === "checkpoints.jsonl") continue;
      expect(report.faults[0]?.seq, `bit in byte ${at} of ${name}`).toBeLessThan(5);
      await writeFile(path, bytes.subarray(0, at));
      const cut = await verifyLog({ directory: log, verifiers });
      expect(cut.isIntact, `${name} cut to ${at} bytes`).toBe(false);
    }
    await writeFile(path, bytes);
  }
  expect(checked).toBeGreaterThan(1500);
  expect((await verifyLog({ directory: log, verifiers })).isIntact).toBe(true);
}, 180_000);

test.each(["zstd", "gzip"] as const)(
  "one flipped bit in any byte of a segment compressed with %s, unless it says the same all the same",
  async (compression) => {
    await using directory = await makeTempDirectory();
    await writeSampleLog(directory.path, 4, { rotateEvery: 3, compression });
    const entries = await readAll(directory.path);
    const name = (await readdir(directory.path)).find((file) => /jsonl\.(?:zst|gz)$/.test(file))!;
    const path = join(directory.path, name);
    const bytes = await readFile(path);
    let found = 0;
    for (let at = 0; at < bytes.length; at += 1) {
      const flipped = Buffer.from(bytes);
      flipped[at]! ^= 1 << (at % 8);
      await writeFile(path, flipped);
      const { isIntact } = await verifyLog({ directory: directory.path, verifiers });
      if (!isIntact) found += 1;
      const read = isIntact ? await readAll(directory.path) : entries;
      expect(read, `bit in byte ${at}`).toEqual(entries);
    }
    expect(found).toBeGreaterThan(bytes.length * 0.95);
  },
  180_000,
);

test("nothing, while the log is written", async () => {
  await using directory = await makeTempDirectory();
  await using log = await openSampleLog(directory.path, {
    maxSegmentBytes: 8192,
    compression: "zstd",
  });
  const writing = Array.from({ length: 8 }, async (_, id) => {
    for (let at = 0; at < 100; at += 1) {
      await log.append({ kind: "call-began", tool: `t${id}`, arguments: { at } });
      if (at % 25 === 0) await log.checkpoint();
    }
  });
  const reports: VerifyReport[] = [];
  const verifying = (async () => {
    while (log.state.size < 700)
      reports.push(await verifyLog({ directory: directory.path, verifiers }));
  })();
  await Promise.all([...writing, verifying]);
  expect(reports.flatMap(({ faults }) => faults)).toEqual([]);
});
