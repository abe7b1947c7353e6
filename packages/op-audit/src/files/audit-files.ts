/** A file that only grows, unless a failed write is taken back. */
export interface AppendFile {
  /** Where the next bytes go. */
  readonly size: number;
  /** Resolves when the operating system has all of it; only {@link AppendFile.sync} puts it on the disk. */
  append(bytes: Uint8Array): Promise<void>;
  /** Resolves when everything appended is on the disk. */
  sync(): Promise<void>;
  /** Takes back what is after this length. */
  truncate(size: number): Promise<void>;
  close(): Promise<void>;
}

/** Everything a log does to the disk, so that tests can cut the power. */
export interface AuditFiles {
  makeDirectory(path: string): Promise<void>;
  /** Opens a file for appending, and makes it if there is none. */
  openAppend(path: string): Promise<AppendFile>;
  /** Puts a whole file in place, or leaves the one that was there. */
  replace(path: string, chunks: AsyncIterable<Uint8Array>): Promise<void>;
  remove(path: string): Promise<void>;
  /** Puts names that were made or removed in a directory on the disk. */
  syncDirectory(path: string): Promise<void>;
}
