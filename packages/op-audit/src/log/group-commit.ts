/** Something that waits to be written. */
export interface Pending<T, R> {
  readonly item: T;
  readonly resolve: (result: R) => void;
  readonly reject: (error: unknown) => void;
}

/** What a group commit needs. */
export interface GroupCommitOptions<T, R> {
  /** Makes all of them durable, or none, and says what became of each. */
  readonly commit: (items: readonly T[]) => Promise<readonly R[]>;
  /** Called for each commit that failed, before those who wait hear of it. */
  readonly failed: (error: unknown, items: readonly T[]) => void;
}

/** No commit takes more: a huge one would keep those who come after waiting. */
const mostItems = 4096;

/**
 * Lets everyone who waits at the same time share one trip to the disk. While one commit runs the next one gathers, so a
 * lone caller waits for nobody, and many wait for two trips at most.
 */
export class GroupCommit<T, R> {
  readonly #options: GroupCommitOptions<T, R>;
  #queue: Pending<T, R>[] = [];
  #tasks: (() => Promise<void>)[] = [];
  #running: Promise<void> | undefined;

  constructor(options: GroupCommitOptions<T, R>) {
    this.#options = options;
  }

  /** How many wait for the next commit. */
  get queued(): number {
    return this.#queue.length;
  }

  /** Settles as the commit that takes the item does. */
  add(item: T): Promise<R> {
    const { promise, resolve, reject } = Promise.withResolvers<R>();
    this.#queue.push({ item, resolve, reject });
    this.#running ??= this.#run();
    return promise;
  }

  /** Adds an item for which nobody waits. */
  post(item: T): void {
    this.#queue.push({ item, resolve: () => undefined, reject: () => undefined });
    this.#running ??= this.#run();
  }

  /** Runs something while no commit runs. */
  async exclusive(work: () => Promise<void>): Promise<void> {
    const done = Promise.withResolvers<void>();
    this.#tasks.push(async () => await work().then(done.resolve, done.reject));
    this.#running ??= this.#run();
    await done.promise;
  }

  /** Resolves when nothing waits any more. */
  async drain(): Promise<void> {
    while (this.#running !== undefined) await this.#running;
  }

  async #run(): Promise<void> {
    while (this.#queue.length > 0 || this.#tasks.length > 0) {
      // Those whose commit has just ended, and all who run in the same turn, get to add their next one first.
      await nextTurn();
      for (const task of this.#tasks.splice(0)) await task();
      if (this.#queue.length > 0) await this.#commit(this.#queue.splice(0, mostItems));
    }
    this.#running = undefined;
  }

  async #commit(batch: readonly Pending<T, R>[]): Promise<void> {
    const items = batch.map(({ item }) => item);
    try {
      const results = await this.#options.commit(items);
      for (const [at, result] of results.entries()) batch[at]?.resolve(result);
    } catch (error) {
      this.#options.failed(error, items);
      for (const { reject } of batch) reject(error);
    }
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
