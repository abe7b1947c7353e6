import type { ApiKeyRecord } from "./api-key-record.ts";
import type { ApiKeyStore } from "./api-key-store.ts";

/** Keeps keys as long as the process lives. */
export function createMemoryKeyStore(): ApiKeyStore {
  const keys = new Map<string, ApiKeyRecord>();
  return {
    list: async ({ signal }) => {
      signal.throwIfAborted();
      return await Promise.resolve([...keys.values()]);
    },
    find: async (id, { signal }) => {
      signal.throwIfAborted();
      return await Promise.resolve(keys.get(id));
    },
    edit: async (id, change, { signal }) => {
      signal.throwIfAborted();
      const key = change(keys.get(id));
      keys.set(id, key);
      return await Promise.resolve(key);
    },
  };
}
