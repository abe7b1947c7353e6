/** Where a file system keeps what a directory was like. */
export interface SnapshotStore {
  /** What makes the snapshots. */
  readonly kind: "btrfs";
  /** Whether the file system checks what it reads; nothing, if that cannot be told. */
  readonly hasChecksums: boolean | undefined;
  /** Keeps the directory as it is now, so that nobody can write to it. */
  take(name: string): Promise<void>;
  remove(name: string): Promise<void>;
}

/** Why there are no snapshots. */
export interface NoSnapshots {
  readonly kind: "none";
  readonly reason: string;
}

/** How the snapshots of a log are doing. */
export type SnapshotState =
  | NoSnapshots
  | (Pick<SnapshotStore, "kind" | "hasChecksums"> & {
      /** How many there are. */
      readonly count: number;
      /** Why the last one could not be taken, or an old one not be removed. */
      readonly error?: string;
    });
