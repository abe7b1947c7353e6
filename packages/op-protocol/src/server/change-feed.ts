import type { Clock, Logger, Timer } from "op-core";
import type { McpHost } from "./mcp-host.ts";

/** A list a client may have kept. */
export type ListKind = "tools" | "resources" | "prompts";

/** What clients are told without having asked in that moment. */
export type HostChange =
  | { readonly kind: "list-changed"; readonly list: ListKind }
  | { readonly kind: "resource-updated"; readonly uri: string };

/** Tells every connection what changed in the host. */
export interface ChangeFeed extends AsyncDisposable {
  onChange(listener: (change: HostChange) => void): Disposable;
}

/** A service that comes up with a hundred tools is one change. */
const quietMs = 50;

/** How a feed is made. */
export interface ChangeFeedOptions {
  readonly host: McpHost;
  readonly clock: Clock;
  readonly logger: Logger;
}

class HostChangeFeed implements ChangeFeed {
  readonly #listeners = new Set<(change: HostChange) => void>();
  readonly #timers = new Map<ListKind, Timer>();
  readonly #closing = new AbortController();
  readonly #loops: Promise<void>[] = [];
  readonly #toolChanges: Disposable;
  readonly #clock: Clock;
  readonly #logger: Logger;

  constructor({ host, clock, logger }: ChangeFeedOptions) {
    this.#clock = clock;
    this.#logger = logger;
    this.#toolChanges = host.tools.onChanged(() => this.#announce("tools"));
    for (const source of host.resources) {
      this.#follow(source.name, source.changes?.({ signal: this.#closing.signal }), (change) => {
        if (change.kind === "resource-updated") this.#emit(change);
        else this.#announce("resources");
      });
    }
    for (const source of host.prompts) {
      this.#follow(source.name, source.changes?.({ signal: this.#closing.signal }), () =>
        this.#announce("prompts"),
      );
    }
  }

  onChange(listener: (change: HostChange) => void): Disposable {
    // Wrapped, so that the same function given twice is two listeners.
    const own = (change: HostChange): void => listener(change);
    this.#listeners.add(own);
    return { [Symbol.dispose]: () => void this.#listeners.delete(own) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    this.#toolChanges[Symbol.dispose]();
    for (const timer of this.#timers.values()) timer[Symbol.dispose]();
    this.#timers.clear();
    this.#listeners.clear();
    await Promise.all(this.#loops);
  }

  #follow<Change>(
    name: string,
    changes: AsyncIterable<Change> | undefined,
    tell: (change: Change) => void,
  ): void {
    if (changes === undefined) return;
    const run = async (): Promise<void> => {
      try {
        for await (const change of changes) tell(change);
      } catch (error) {
        if (!this.#closing.signal.aborted)
          this.#logger.warn("a source stopped telling its changes", { name, error });
      }
    };
    this.#loops.push(run());
  }

  #announce(list: ListKind): void {
    if (this.#timers.has(list) || this.#closing.signal.aborted) return;
    const timer = this.#clock.startTimer(quietMs, () => {
      this.#timers.delete(list);
      this.#emit({ kind: "list-changed", list });
    });
    timer.unref();
    this.#timers.set(list, timer);
  }

  #emit(change: HostChange): void {
    for (const listener of this.#listeners) listener(change);
  }
}

/** Watches everything a host offers. List changes are coalesced; updates of a resource are told one by one. */
export function createChangeFeed(options: ChangeFeedOptions): ChangeFeed {
  return new HostChangeFeed(options);
}
