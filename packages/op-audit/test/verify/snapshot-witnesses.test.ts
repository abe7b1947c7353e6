import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { verifyLog } from "../../src/index.ts";
import { copyLog, openSampleLog, callDraft, writeSampleLog } from "../fixtures/sample-log.ts";
import { makeTempDirectory } from "../fixtures/temp-directory.ts";

const options = { rotateEvery: 5 };

/** A log of three closed segments and one that is open, and a copy of it that stands for a snapshot. */
async function writeLogAndSnapshot(directory: string) {
  const log = join(directory, "log");
  await writeSampleLog(log, 15, options);
  return { log, snapshots: [await copyLog(log, directory, "audit-0000000000000011")] };
}

test("a log that grew since is what its snapshot knows", async () => {
  await using directory = await makeTempDirectory();
  const { log, snapshots } = await writeLogAndSnapshot(directory.path);
  await writeSampleLog(log, 7, options);
  expect(await verifyLog({ directory: log, snapshots })).toMatchObject({
    isIntact: true,
    kept: [],
    checkpoints: { verified: 0 },
  });
});

test("a snapshot knows of an end that was removed with everything that told of it", async () => {
  await using directory = await makeTempDirectory();
  const { log, snapshots } = await writeLogAndSnapshot(directory.path);
  const gone = (await readdir(log)).filter((name) =>
    /^audit-0*(?:6|11|16)\.|^checkpoints/.test(name),
  );
  for (const name of gone) await rm(join(log, name));
  expect(await verifyLog({ directory: log })).toMatchObject({ isIntact: true, size: 6 });
  const report = await verifyLog({ directory: log, snapshots });
  expect(report.faults).toMatchObject([
    { kind: "truncated", seq: 6, count: 10, file: "snapshot audit-0000000000000011" },
  ]);
  expect(report.kept.map(({ first }) => first)).toEqual([6, 11, 16]);
  expect(await readFile(report.kept[0]!.path, "utf8")).toContain('"requestId":"r5"');
});

test("a snapshot knows of a log that was written anew", async () => {
  await using directory = await makeTempDirectory();
  const { log, snapshots } = await writeLogAndSnapshot(directory.path);
  await rm(log, { recursive: true });
  {
    await using forged = await openSampleLog(log);
    for (let at = 0; at < 30; at += 1) await forged.append(callDraft(at + 1));
  }
  expect((await verifyLog({ directory: log, snapshots })).faults).toMatchObject([
    { kind: "rewritten", seq: 0, count: 16 },
  ]);
});

test("what is behind a damaged seal of a snapshot says nothing", async () => {
  await using directory = await makeTempDirectory();
  const { log, snapshots } = await writeLogAndSnapshot(directory.path);
  await writeFile(join(snapshots[0]!, "audit-0000000000000006.seal.json"), "{}");
  expect(await verifyLog({ directory: log, snapshots })).toMatchObject({ isIntact: true });
  await rm(log, { recursive: true });
  await writeSampleLog(log, 2);
  expect((await verifyLog({ directory: log, snapshots })).faults).toMatchObject([
    { kind: "truncated", seq: 4, count: 2 },
  ]);
});
