/** Tells events to everybody who reads them. */
export interface EventBoard<Event> {
  tell(event: Event): void;
  /** What is told from now on, until the signal aborts; each reader misses nothing from the moment it began. */
  read(signal: AbortSignal): AsyncIterable<Event>;
}

/** Makes a board that nobody reads yet. */
export function createEventBoard<Event>(): EventBoard<Event> {
  const readers = new Set<(event: Event) => void>();
  return {
    tell: (event) => {
      for (const reader of readers) reader(event);
    },
    read: (signal) => {
      const waiting: Event[] = [];
      let wake: (() => void) | undefined;
      const reader = (event: Event): void => {
        waiting.push(event);
        wake?.();
      };
      readers.add(reader);
      signal.addEventListener("abort", () => wake?.(), { once: true });
      return (async function* events() {
        try {
          while (!signal.aborted) {
            yield* waiting.splice(0);
            if (waiting.length > 0 || signal.aborted) continue;
            await new Promise<void>((resolve) => {
              wake = resolve;
            });
          }
        } finally {
          readers.delete(reader);
        }
      })();
    },
  };
}
