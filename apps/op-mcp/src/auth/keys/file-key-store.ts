import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { isAbortOf, isOpError, type Clock } from "op-core";
import { ApiKeyStoreError } from "../auth-error.ts";
import { acquireChangeLock } from "../files/change-lock.ts";
import { LiveText, replacePrivateText } from "../files/private-text.ts";
import type { ApiKeyRecord } from "./api-key-record.ts";
import type { ApiKeyStore } from "./api-key-store.ts";
import { formatKeyFile, parseKeyFile } from "./key-file.ts";

/** What a file of keys takes. */
export interface FileKeyStoreOptions {
  readonly path: string;
  readonly clock: Clock;
}

/**
 * Keeps keys in a file that only its owner can read, which is replaced as a whole by one process at a time. What another
 * process changes counts from the next request on. Nothing is made before the first key.
 */
export function createFileKeyStore({ path, clock }: FileKeyStoreOptions): ApiKeyStore {
  const live = new LiveText(path, (text): ReadonlyMap<string, ApiKeyRecord> =>
    text === undefined ? new Map() : parseKeyFile(path, text),
  );
  const guarded = async <T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      if (isOpError(error) || isAbortOf(error, signal)) throw error;
      const problem = error instanceof Error ? error.message : String(error);
      throw new ApiKeyStoreError(path, problem, error);
    }
  };
  return {
    list: ({ signal }) => guarded(signal, async () => [...(await live.read(signal)).values()]),
    find: (id, { signal }) => guarded(signal, async () => (await live.read(signal)).get(id)),
    edit: (id, change, { signal }) =>
      guarded(signal, async () => {
        await mkdir(dirname(path), { recursive: true, mode: 0o700 });
        using _lock = await acquireChangeLock(path, { clock, signal });
        const keys = await live.read(signal);
        const before = keys.get(id);
        const after = change(before);
        if (after === before) return after;
        const text = formatKeyFile(new Map([...keys, [id, after]]).values());
        await replacePrivateText(path, text, signal);
        return after;
      }),
  };
}
