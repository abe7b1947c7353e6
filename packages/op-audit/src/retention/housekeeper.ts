import { stat } from "node:fs/promises";
import { formatError, type Clock, type Logger } from "op-core";
import type { AuditConfig } from "../audit-config.ts";
import type { AuditFiles } from "../files/audit-files.ts";
import { writeSeal } from "../log/segment-writer.ts";
import { compressSegment } from "../segments/compress-segment.ts";
import { readSeal, type Seal } from "../segments/seal.ts";
import { listSegments, type Compression, type SegmentFile } from "../segments/segment-file.ts";
import type { SnapshotKeeper } from "../snapshots/snapshot-keeper.ts";
import { chooseRemovals, type Removal } from "./choose-removals.ts";

/** What a housekeeper needs. */
export interface HousekeeperOptions {
  readonly directory: string;
  readonly files: AuditFiles;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly compression: Compression;
  readonly retention: AuditConfig["retention"];
  /** Writes into the log that a segment is about to go; nothing is removed before that is durable. */
  readonly announce: (removal: Removal) => Promise<void>;
  readonly snapshots: SnapshotKeeper;
}

interface Stored extends SegmentFile {
  readonly path: string;
  readonly seal: Seal;
  readonly storedBytes: number;
}

/** Compresses closed segments, removes those that retention does not keep and has snapshots of the others. */
export class Housekeeper {
  readonly #options: HousekeeperOptions;
  #working: Promise<unknown> = Promise.resolve();

  constructor(options: HousekeeperOptions) {
    this.#options = options;
  }

  /** Does what is due behind the caller's back; failures are logged and made up for the next time. */
  start(): void {
    const quietly = async () => {
      try {
        await this.#tidy();
      } catch (error) {
        this.#options.logger.error("Tidying the audit log failed.", { error: formatError(error) });
      }
    };
    this.#working = this.#working.then(quietly);
  }

  /** Does what is due and returns the segments that were removed. */
  async run(): Promise<readonly Removal[]> {
    const work = this.#working.then(async () => await this.#tidy());
    this.#working = work.catch(() => undefined);
    return await work;
  }

  /** Resolves when nothing is being done any more. */
  async settle(): Promise<void> {
    await this.#working;
  }

  async #tidy(): Promise<readonly Removal[]> {
    const { directory, files, compression, retention, clock, snapshots } = this.#options;
    if (compression !== "none") {
      for (const { first, compression: now } of await this.#stored()) {
        if (now === "none") await compressSegment({ directory, files, first, compression });
      }
    }
    const stored = await this.#stored();
    const openBytes = await this.#openBytes();
    const removals = chooseRemovals(stored, retention, { nowMs: clock.now(), openBytes });
    for (const removal of removals) await this.#remove(removal);
    const removed = removals.map(({ seal }) => seal.first);
    const newest = stored.findLast(({ first }) => !removed.includes(first))?.first;
    await snapshots.update({ newest, removed });
    return removals;
  }

  async #remove(removal: Removal): Promise<void> {
    const { announce, directory, files, clock } = this.#options;
    await announce(removal);
    const removed = { at: new Date(clock.now()).toISOString(), reason: removal.reason };
    await writeSeal({ directory, files }, { ...removal.seal, removed });
    for (const { first, path } of await listSegments(directory)) {
      if (first === removal.seal.first && path !== undefined) await files.remove(path);
    }
    await files.syncDirectory(directory);
  }

  /** The closed segments whose entries are still there. */
  async #stored(): Promise<Stored[]> {
    const stored: Stored[] = [];
    for (const segment of await listSegments(this.#options.directory)) {
      const { path, sealPath } = segment;
      if (path === undefined || sealPath === undefined) continue;
      const { size } = await stat(path);
      stored.push({ ...segment, path, seal: await readSeal(sealPath), storedBytes: size });
    }
    return stored;
  }

  async #openBytes(): Promise<number> {
    const last = (await listSegments(this.#options.directory)).at(-1);
    const isOpen = last?.path !== undefined && last.sealPath === undefined;
    return isOpen && last.path !== undefined ? (await stat(last.path)).size : 0;
  }
}
