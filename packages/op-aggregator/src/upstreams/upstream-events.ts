/** What an upstream tells of itself. */
export type UpstreamEvent =
  | { readonly kind: "tools-changed" | "resources-changed" | "prompts-changed" }
  | { readonly kind: "resource-updated"; readonly uri: string };

/** Tells events to everybody who reads them; each reader misses nothing from the moment it began. */
export class EventBoard<Event> {
  readonly #readers = new Set<(event: Event) => void>();

  tell(event: Event): void {
    for (const reader of this.#readers) reader(event);
  }

  /** Reads what is told from now on, until the signal aborts. */
  read(signal: AbortSignal): AsyncIterable<Event> {
    const waiting: Event[] = [];
    let wake: (() => void) | undefined;
    const reader = (event: Event): void => {
      waiting.push(event);
      wake?.();
    };
    this.#readers.add(reader);
    signal.addEventListener("abort", () => wake?.(), { once: true });
    const readers = this.#readers;
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
  }
}
