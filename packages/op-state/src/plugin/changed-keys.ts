/** Collects which resources may have changed, each once, until somebody asks. */
export interface ChangedKeys {
  add(keys: Iterable<string>): void;
  /** Yields what was added, as it is added, until the signal aborts. */
  follow(signal: AbortSignal): AsyncGenerator<string>;
}

/** Makes a collection for one follower; a resource that changes often before it is asked for is yielded once. */
export function createChangedKeys(): ChangedKeys {
  const changed = new Set<string>();
  let wake = Promise.withResolvers<void>();
  const handleAbort = () => wake.resolve();
  return {
    add: (keys) => {
      for (const key of keys) changed.add(key);
      wake.resolve();
    },
    follow: async function* follow(signal) {
      signal.addEventListener("abort", handleAbort);
      try {
        while (!signal.aborted) {
          const [key] = changed;
          if (key === undefined) {
            await wake.promise;
            wake = Promise.withResolvers<void>();
            continue;
          }
          changed.delete(key);
          yield key;
        }
      } finally {
        signal.removeEventListener("abort", handleAbort);
      }
    },
  };
}
