import { basename } from "node:path";
import { formatError, type Logger } from "op-core";
import { listSegments } from "../segments/segment-file.ts";
import { listSnapshotNames, listSnapshots, snapshotName } from "./snapshot-directory.ts";
import type { NoSnapshots, SnapshotState, SnapshotStore } from "./snapshot-store.ts";

/** What a keeper needs. */
export interface SnapshotKeeperOptions {
  readonly directory: string;
  readonly store: SnapshotStore | NoSnapshots;
  /** How many are kept. */
  readonly keep: number;
  readonly logger: Logger;
}

/** What happened to the closed segments, each by the place of its first entry. */
export interface SegmentChanges {
  /** The last one that was closed and is still there. */
  readonly newest: number | undefined;
  /** Those that retention has just removed. */
  readonly removed: readonly number[];
}

/** Has a snapshot of a log for each segment that was closed, and none of what retention removed. */
export class SnapshotKeeper {
  readonly #options: SnapshotKeeperOptions;
  #count = 0;
  #error: string | undefined;

  constructor(options: SnapshotKeeperOptions) {
    this.#options = options;
  }

  get state(): SnapshotState {
    const { store } = this.#options;
    if (store.kind === "none") return store;
    const error = this.#error === undefined ? {} : { error: this.#error };
    return { kind: store.kind, hasChecksums: store.hasChecksums, count: this.#count, ...error };
  }

  /** Says once what can be expected. */
  start(): void {
    const { store, logger, directory } = this.#options;
    if (store.kind === "none") {
      logger.debug("The audit log has no snapshots.", { directory, reason: store.reason });
      return;
    }
    const details = { directory, hasChecksums: store.hasChecksums };
    if (store.hasChecksums === true) logger.info("The audit log has snapshots.", details);
    else logger.warn("The audit log has snapshots, and its data may lack checksums.", details);
  }

  /** Takes and removes snapshots. What fails is logged and tried again the next time. */
  async update(changes: SegmentChanges): Promise<void> {
    const { store, logger, directory } = this.#options;
    if (store.kind === "none") return;
    try {
      await this.#update(store, changes);
      this.#error = undefined;
    } catch (error) {
      this.#error = formatError(error);
      logger.error("A snapshot of the audit log failed.", { directory, error: this.#error });
    }
  }

  async #update(store: SnapshotStore, { newest, removed }: SegmentChanges): Promise<void> {
    const { directory, keep } = this.#options;
    for (const name of await this.#thatHave(removed)) await store.remove(name);
    const names = await listSnapshotNames(directory);
    const name = newest === undefined ? undefined : snapshotName(newest);
    if (name !== undefined && !names.includes(name)) {
      await store.take(name);
      names.push(name);
    }
    for (const old of names.toSorted().slice(0, -keep)) await store.remove(old);
    this.#count = Math.min(names.length, keep);
  }

  /** A snapshot has every segment that was there when it was taken. */
  async #thatHave(segments: readonly number[]): Promise<readonly string[]> {
    const names: string[] = [];
    if (segments.length === 0) return names;
    for (const path of await listSnapshots(this.#options.directory)) {
      const there = (await listSegments(path)).filter((segment) => segment.path !== undefined);
      if (there.some(({ first }) => segments.includes(first))) names.push(basename(path));
    }
    return names;
  }
}
