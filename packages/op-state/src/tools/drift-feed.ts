import { isAbortOf, sleep, type Clock, type Logger } from "op-core";
import type { StateEngine } from "../apply/state-engine.ts";
import { createChangedKeys, type ChangedKeys } from "../plugin/changed-keys.ts";

/** What following drift takes. */
export interface DriftFeedOptions {
  readonly engine: () => Promise<StateEngine>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** After a watch that failed, before the next. */
const retryMs = 5000;
/** Runs of other processes are noticed this soon. */
const lookMs = 500;

/** Follows what is no longer as declared, or is so again, once for all who want to hear of it; nothing is watched before that. */
export class DriftFeed implements AsyncDisposable {
  readonly #options: DriftFeedOptions;
  readonly #closing = new AbortController();
  readonly #readers = new Set<ChangedKeys>();
  /** Resources that are not as declared, as far as anybody was told. */
  readonly #drifted = new Set<string>();
  #watch = new AbortController();
  #work: Promise<void> | undefined;

  constructor(options: DriftFeedOptions) {
    this.#options = options;
  }

  /** Begins to watch, if nobody did. */
  start(): void {
    if (!this.#closing.signal.aborted) this.#work ??= this.#run();
  }

  /** Watches what is declared from now on. What had drifted may be as declared by now, which nobody else would tell. */
  restart(): void {
    this.#tellOf(this.#drifted);
    this.#drifted.clear();
    this.#watch.abort();
  }

  /** Yields names of plugins of which something drifted or came back, until the signal aborts. */
  async *follow(signal: AbortSignal): AsyncGenerator<string> {
    const reader = createChangedKeys();
    this.#readers.add(reader);
    try {
      yield* reader.follow(AbortSignal.any([signal, this.#closing.signal]));
    } finally {
      this.#readers.delete(reader);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    await this.#work;
  }

  async #run(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      this.#watch = new AbortController();
      const both = AbortSignal.any([signal, this.#watch.signal]);
      const looking = this.#restartAfterOthers(both);
      try {
        await this.#tell(both);
        // Nothing that is declared can be watched: a run may change that.
        await waitFor(both);
      } catch (error) {
        if (isAbortOf(error, both)) continue;
        this.#options.logger.warn("drift is not followed for a while", { error });
        await this.#pause(signal);
      } finally {
        this.#watch.abort();
        await looking;
      }
    }
  }

  /** What another process declares is watched as well: each run is an entry of the history. */
  async #restartAfterOthers(signal: AbortSignal): Promise<void> {
    const { engine, clock, logger } = this.#options;
    const newest = async () => (await (await engine()).history({ limit: 1 }))[0]?.endedMs;
    try {
      const first = await newest();
      do await sleep(lookMs, { clock, signal });
      while ((await newest()) === first);
      this.restart();
    } catch (error) {
      if (!isAbortOf(error, signal)) logger.warn("runs of others are not noticed", { error });
    }
  }

  async #tell(signal: AbortSignal): Promise<void> {
    const engine = await this.#options.engine();
    for await (const { resource, deviations } of engine.watch({ signal })) {
      if (deviations.length > 0) this.#drifted.add(resource);
      else this.#drifted.delete(resource);
      this.#tellOf([resource]);
    }
  }

  #tellOf(resources: Iterable<string>): void {
    const plugins = [...resources].map((resource) => resource.slice(0, resource.indexOf(":")));
    for (const reader of this.#readers) reader.add(plugins);
  }

  async #pause(signal: AbortSignal): Promise<void> {
    try {
      await sleep(retryMs, { clock: this.#options.clock, signal });
    } catch (error) {
      if (!isAbortOf(error, signal)) throw error;
    }
  }
}

async function waitFor(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  signal.addEventListener("abort", () => resolve(), { once: true });
  await promise;
}
