import { mkdir, readdir, rm, stat, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { createManualClock } from "op-core/testing";
import { expect, test } from "vitest";
import { listSnapshots, verifyLog } from "../../src/index.ts";
import { whyNotMountable, mountLoopDisk, runTool, type LoopDisk } from "../fixtures/loop-disk.ts";
import { createRecordingLogger } from "../fixtures/recording-logger.ts";
import {
  callDraft,
  copyLog,
  key,
  openSampleLog,
  readAll,
  startMs,
  writeSampleLog,
} from "../fixtures/sample-log.ts";
import { makeTempDirectory } from "../fixtures/temp-directory.ts";

/** Takes root and btrfs-progs, which CI has. */
const unmountable = whyNotMountable("mkfs.btrfs", "btrfs", "lsattr", "chattr");
const day = 24 * 60 * 60 * 1000;
const verifiers = [key.verifier];

/** A real btrfs of its own. */
async function mountBtrfs(options?: string): Promise<LoopDisk> {
  return await mountLoopDisk({
    format: ["mkfs.btrfs", "-q"],
    bytes: 128 * 1024 * 1024,
    ...(options === undefined ? {} : { options }),
  });
}

async function snapshotsOf(directory: string): Promise<string[]> {
  return (await listSnapshots(directory)).map((path) => basename(path));
}

test.skipIf(unmountable !== "")(
  `keeps every closed segment in a snapshot that cannot be written, and no more of them than it is told to${unmountable}`,
  async () => {
    await using disk = await mountBtrfs();
    const directory = join(disk.path, "lib", "audit");
    await using log = await openSampleLog(directory, { compression: "zstd", keepSnapshots: 2 });
    expect((await stat(directory)).mode & 0o777).toBe(0o750);
    const segments: number[] = [];
    for (let at = 0; at < 3; at += 1) {
      await log.append(callDraft(at));
      segments.push(log.state.size);
      await log.rotate();
      await log.tidy();
      const [newest] = (await listSnapshots(directory)).toReversed();
      expect((await readAll(newest!)).at(-1)).toMatchObject({ requestId: `r${at}` });
      await expect(writeFile(join(newest!, "file"), "")).rejects.toMatchObject({ code: "EROFS" });
    }
    expect(await snapshotsOf(directory)).toEqual([
      "audit-0000000000000002",
      "audit-0000000000000003",
    ]);
    expect(log.state.snapshots).toEqual({ kind: "btrfs", hasChecksums: true, count: 2 });
  },
);

test.skipIf(unmountable !== "")(
  `has witnesses in its snapshots of what somebody deletes, and the deleted entries themselves${unmountable}`,
  async () => {
    await using disk = await mountBtrfs();
    const directory = join(disk.path, "audit");
    await writeSampleLog(directory, 12, { rotateEvery: 5 });
    const snapshots = await listSnapshots(directory);
    expect(await verifyLog({ directory, verifiers, snapshots })).toMatchObject({ isIntact: true });
    // Not even root deletes a snapshot like this.
    await expect(rm(snapshots[0]!, { recursive: true })).rejects.toMatchObject({ code: "EROFS" });
    for (const name of await readdir(directory)) {
      if (name !== "snapshots") await rm(join(directory, name));
    }
    const report = await verifyLog({ directory, verifiers, snapshots });
    expect(report.faults).toMatchObject([{ kind: "truncated", seq: 0 }, { kind: "truncated" }]);
    expect(report.kept.map(({ first }) => first)).toEqual([0, 6, 11]);
    await using elsewhere = await makeTempDirectory();
    const copy = await copyLog(snapshots.at(-1)!, elsewhere.path, "copy");
    const kept = (await readAll(copy)).map(({ requestId }) => requestId);
    expect(kept).toEqual(expect.arrayContaining(["r0", "r5", "r9"]));
  },
);

test.skipIf(unmountable !== "")(
  `lets go of the snapshots of what retention removes${unmountable}`,
  async () => {
    await using disk = await mountBtrfs();
    const directory = join(disk.path, "audit");
    const clock = createManualClock({ startMs });
    const retention = { maxAgeMs: 3.5 * day, maxTotalBytes: 0, holds: [] };
    await using log = await openSampleLog(directory, { clock, retention });
    for (let at = 0; at < 4; at += 1) {
      await log.append(callDraft(at));
      await log.rotate();
      await log.tidy();
      await clock.advance(day);
    }
    const [removal] = await log.tidy();
    expect(removal).toMatchObject({ reason: "age", seal: { first: 0 } });
    const [only, ...others] = await listSnapshots(directory);
    expect(others).toEqual([]);
    expect((await readAll(only!)).map(({ requestId }) => requestId)).not.toContain("r0");
    expect(await verifyLog({ directory, verifiers, snapshots: [only!] })).toMatchObject({
      isIntact: true,
      kept: [],
    });
  },
);

test.skipIf(unmountable !== "")(`says when data has no checksums${unmountable}`, async () => {
  await using plain = await mountBtrfs();
  const marked = join(plain.path, "audit");
  await runTool("btrfs", ["subvolume", "create", marked]);
  await runTool("chattr", ["+C", marked]);
  await using mounted = await mountBtrfs("nodatasum");
  for (const directory of [marked, join(mounted.path, "audit")]) {
    const logger = createRecordingLogger();
    await using log = await openSampleLog(directory, { logger });
    expect(log.state.snapshots).toMatchObject({ kind: "btrfs", hasChecksums: false });
    expect(logger.messages).toEqual([
      "The audit log has snapshots, and its data may lack checksums.",
    ]);
  }
});

test.skipIf(unmountable !== "")(
  `says what it could not do, and does it the next time${unmountable}`,
  async () => {
    await using disk = await mountBtrfs();
    const directory = join(disk.path, "audit");
    const logger = createRecordingLogger();
    await using log = await openSampleLog(directory, { logger });
    await writeFile(join(directory, "snapshots"), "in the way");
    await log.append(callDraft(0));
    await log.rotate();
    await log.tidy();
    expect(log.state).toMatchObject({
      status: "ready",
      snapshots: { count: 0, error: expect.stringContaining("ENOTDIR") },
    });
    expect(logger.messages).toContain("A snapshot of the audit log failed.");
    await rm(join(directory, "snapshots"));
    await log.tidy();
    expect(log.state.snapshots).toEqual({ kind: "btrfs", hasChecksums: true, count: 1 });
  },
);

test.skipIf(unmountable !== "")(
  `does without in a directory that is no subvolume, and when told to${unmountable}`,
  async () => {
    await using disk = await mountBtrfs();
    const directory = join(disk.path, "audit");
    await mkdir(directory);
    await using log = await openSampleLog(directory);
    expect(log.state.snapshots).toMatchObject({
      kind: "none",
      reason: expect.stringContaining("not a btrfs subvolume"),
    });
    await using other = await openSampleLog(join(disk.path, "other"), { snapshots: "off" });
    expect(other.state.snapshots).toEqual({ kind: "none", reason: "They are turned off." });
  },
);
