import type { StateStore } from "./state-store.ts";

/** Where a store lies. */
export interface OpenSqliteStoreOptions {
  /** A folder of its own, which only its owner may read: it holds what files contained before. Made when missing. */
  readonly directory: string;
}

/**
 * Opens the embedded store. What it acknowledged survives `kill -9` and a power cut. SQLite is loaded now, not with the
 * package. Rejects with `ERR_STATE_STORE`.
 */
export async function openSqliteStore(options: OpenSqliteStoreOptions): Promise<StateStore> {
  const { SqliteStore } = await import("./sqlite-store.ts");
  return SqliteStore.open(options.directory);
}
