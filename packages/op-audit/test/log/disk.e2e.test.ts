import { open, rm, writeFile, type FileHandle } from "node:fs/promises";
import { basename, join } from "node:path";
import { createManualClock } from "op-core/testing";
import { expect, test } from "vitest";
import { openAuditLog, verifyLog } from "../../src/index.ts";
import { createMemorySink } from "../../src/sinks/index.ts";
import { whyNotMountable, mountLoopDisk } from "../fixtures/loop-disk.ts";
import { callDraft, key, openSampleLog, readAll, startMs } from "../fixtures/sample-log.ts";

const unmountable = whyNotMountable("mkfs.ext4");

interface Disk extends AsyncDisposable {
  readonly path: string;
  /** Leaves no room, and gives it back. */
  fill(): Promise<void>;
  empty(): Promise<void>;
  /** Has the kernel find an error on the disk, after which nothing can be written. */
  fail(): Promise<void>;
}

/** A real ext4 of its own. */
async function mountDisk(): Promise<Disk> {
  const disk = await mountLoopDisk({
    format: ["mkfs.ext4", "-q", "-F"],
    bytes: 4 * 1024 * 1024,
    options: "errors=remount-ro",
  });
  const { path, device } = disk;
  const filler = join(path, "filler");
  return {
    path,
    fill: async () => {
      await using file = await open(filler, "w");
      for (const block of [Buffer.alloc(65_536), Buffer.alloc(1024)])
        await writeUntilFull(file, block);
    },
    empty: async () => await rm(filler),
    fail: async () => await writeFile(`/sys/fs/ext4/${basename(device)}/trigger_fs_error`, "test"),
    [Symbol.asyncDispose]: async () => await disk[Symbol.asyncDispose](),
  };
}

async function writeUntilFull(file: FileHandle, block: Buffer): Promise<void> {
  for (;;) {
    try {
      await file.write(block);
    } catch {
      return;
    }
  }
}

test.skipIf(unmountable !== "")(
  `refuses while the disk is full, loses nothing it acknowledged, and goes on by itself${unmountable}`,
  async () => {
    await using disk = await mountDisk();
    const directory = join(disk.path, "audit");
    const acknowledged: number[] = [];
    {
      await using log = await openSampleLog(directory);
      const append = async (at: number) => {
        const receipt = await log.append(callDraft(at));
        if (receipt.isDurable) acknowledged.push(receipt.seq);
      };
      await append(0);
      await disk.fill();
      const results = await Promise.allSettled(
        Array.from({ length: 64 }, async () => {
          for (let at = 0; ; at += 1) await append(at);
        }),
      );
      for (const result of results) {
        expect(result).toMatchObject({
          status: "rejected",
          reason: { code: "ERR_AUDIT_UNAVAILABLE", retryable: true },
        });
      }
      expect(log.state).toMatchObject({ status: "unavailable", refused: 64 });
      await disk.empty();
      await append(1);
      expect(log.state.status).toBe("ready");
    }
    const entries = await readAll(directory);
    const kept = new Set(entries.map(({ seq }) => seq));
    expect(acknowledged.filter((seq) => !kept.has(seq))).toEqual([]);
    expect(entries).toContainEqual(
      expect.objectContaining({ event: "entries-lost", details: { lost: 0, refused: 64 } }),
    );
    expect(await verifyLog({ directory, verifiers: [key.verifier] })).toMatchObject({
      isIntact: true,
    });
  },
);

test.skipIf(unmountable !== "")(
  `keeps what was enqueued while the disk is full, and writes it by itself when there is room${unmountable}`,
  async () => {
    await using disk = await mountDisk();
    const directory = join(disk.path, "audit");
    const clock = createManualClock({ startMs });
    await using log = await openSampleLog(directory, { clock });
    await disk.fill();
    // More than the rest of a block that has room already.
    for (let at = 0; at < 64; at += 1) log.enqueue(callDraft(at));
    await log.flush();
    expect(log.state).toMatchObject({ status: "unavailable", queued: 64, size: 1 });
    await disk.empty();
    await clock.advance(1000);
    await log.flush();
    expect(log.state).toMatchObject({ status: "ready", queued: 0, size: 65 });
    expect((await readAll(directory)).at(-1)).toMatchObject({ requestId: "r63" });
  },
);

test.skipIf(unmountable !== "")(
  `goes on loudly when the disk becomes read-only, if it is told to${unmountable}`,
  async () => {
    await using disk = await mountDisk();
    const directory = join(disk.path, "audit");
    const sink = createMemorySink();
    {
      await using log = await openSampleLog(directory, {
        whenUnavailable: "continue",
        sinks: [sink],
      });
      await log.append(callDraft(0));
      await disk.fail();
      expect(await log.append(callDraft(1))).toMatchObject({
        isDurable: false,
        error: { code: "EROFS" },
      });
      await expect(log.append(callDraft(2), { whenUnavailable: "refuse" })).rejects.toMatchObject({
        code: "ERR_AUDIT_UNAVAILABLE",
      });
      expect(log.state).toMatchObject({ status: "unavailable", lost: 1, refused: 1, size: 2 });
    }
    const sent = sink.messages.map(
      (message) => message.kind === "entry" && [message.entry.seq, message.entry.kind],
    );
    expect(sent.slice(0, 3)).toEqual([
      [0, "event"],
      [1, "call-ended"],
      [undefined, "call-ended"],
    ]);
    expect((await readAll(directory)).map(({ seq }) => seq)).toEqual([0, 1]);
  },
);

test.skipIf(unmountable !== "")(
  `says that it is unavailable where it cannot write at all${unmountable}`,
  async () => {
    await using disk = await mountDisk();
    await disk.fail();
    await expect(openAuditLog({ directory: join(disk.path, "audit") })).rejects.toMatchObject({
      code: "ERR_AUDIT_UNAVAILABLE",
    });
  },
);
