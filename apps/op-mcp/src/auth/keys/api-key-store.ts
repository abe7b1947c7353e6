import type { ApiKeyRecord } from "./api-key-record.ts";

/** What every operation of a store takes. */
export interface ApiKeyStoreOptions {
  readonly signal: AbortSignal;
}

/** Where API keys are kept. Another process may change them at any time, and every read sees it. */
export interface ApiKeyStore {
  /** Every key, in the order they were made. */
  list(options: ApiKeyStoreOptions): Promise<readonly ApiKeyRecord[]>;
  find(id: string, options: ApiKeyStoreOptions): Promise<ApiKeyRecord | undefined>;
  /**
   * Puts what `change` makes of the key in its place; nothing else can change it meanwhile. A change that throws, or
   * gives the same record back, changes nothing. Resolves with the key as it is then.
   */
  edit(
    id: string,
    change: (key: ApiKeyRecord | undefined) => ApiKeyRecord,
    options: ApiKeyStoreOptions,
  ): Promise<ApiKeyRecord>;
}
