import type { Clock, Timer } from "op-core";

/** Something that waits to be written. */
interface Pending<T, R> {
  readonly item: T;
  /** Who waits for it; nobody, if it was deferred. */
  readonly waiting?: {
    readonly resolve: (result: R) => void;
    readonly reject: (error: unknown) => void;
  };
}

/** What a group commit needs. */
export interface GroupCommitOptions<T, R> {
  readonly clock: Clock;
  /** How long a deferred item waits for company. */
  readonly flushIntervalMs: number;
  /** How many deferred items wait no longer. */
  readonly flushEntries: number;
  /** Makes all of them durable, or none, and says what became of each. With none it only tries whether it could. */
  readonly commit: (items: readonly T[]) => Promise<readonly R[]>;
  /** Called for each commit that failed, before those who wait hear of it. */
  readonly failed: (error: unknown) => void;
}

/** No commit takes more: a huge one would keep those who come after waiting. */
const mostItems = 4096;

/** How long after a failed commit the next one is tried, if nobody comes before. */
const retryMs = 1000;

/**
 * Lets everyone who waits at the same time share one trip to the disk. While one commit runs the next one gathers, so a
 * lone caller waits for nobody, and many wait for two trips at most. Items for which nobody waits go with the next
 * commit, or have one of their own after a while; all are committed in the order in which they came.
 *
 * When a commit fails, those who wait are told and their items are gone, since they may try again. Deferred items are
 * kept, and the commit is tried again after a while even if there are none, so that it goes on by itself.
 */
export class GroupCommit<T, R> {
  readonly #options: GroupCommitOptions<T, R>;
  #queue: Pending<T, R>[] = [];
  #tasks: (() => Promise<void>)[] = [];
  #running: Promise<void> | undefined;
  #timer: Timer | undefined;
  #deferred = 0;
  #isDue = false;
  #hasFailed = false;

  constructor(options: GroupCommitOptions<T, R>) {
    this.#options = options;
  }

  /** How many deferred items wait for the next commit. */
  get deferred(): number {
    return this.#deferred;
  }

  /** Settles as the commit that takes the item does. */
  add(item: T): Promise<R> {
    const { promise, resolve, reject } = Promise.withResolvers<R>();
    this.#queue.push({ item, waiting: { resolve, reject } });
    this.#start();
    return promise;
  }

  /** Adds an item for which nobody waits. */
  defer(item: T): void {
    this.#queue.push({ item });
    this.#deferred += 1;
    // After a failure the next try has a time of its own: it would fail again at once.
    if (this.#hasFailed) return;
    if (this.#deferred >= this.#options.flushEntries) this.#start();
    else this.#timer ??= this.#startTimer(this.#options.flushIntervalMs);
  }

  /** Commits what is deferred, and resolves when it was tried. */
  async flush(): Promise<void> {
    if (this.#deferred > 0 || this.#running !== undefined)
      await this.exclusive(() => Promise.resolve());
  }

  /** Runs something while no commit runs, after everything that was added before. */
  async exclusive(work: () => Promise<void>): Promise<void> {
    const done = Promise.withResolvers<void>();
    this.#tasks.push(async () => await work().then(done.resolve, done.reject));
    this.#start();
    await done.promise;
  }

  /** Commits whatever waits, stops, and returns what could not be committed. */
  async close(): Promise<readonly T[]> {
    if (this.#deferred > 0) this.#start();
    while (this.#running !== undefined) await this.#running;
    this.#stopTimer();
    this.#deferred = 0;
    return this.#queue.splice(0).map(({ item }) => item);
  }

  #start(): void {
    this.#isDue = true;
    this.#running ??= this.#run();
  }

  async #run(): Promise<void> {
    while (this.#isDue) {
      // Those whose commit has just ended, and all who run in the same turn, get to add their next one first.
      await nextTurn();
      this.#isDue = false;
      const tasks = this.#tasks.splice(0);
      if (this.#queue.length > 0 || this.#hasFailed) await this.#commitQueued();
      for (const task of tasks) await task();
    }
    this.#running = undefined;
  }

  async #commitQueued(): Promise<void> {
    this.#stopTimer();
    let left = this.#queue.length;
    do {
      const batch = this.#queue.splice(0, Math.min(left, mostItems));
      if (!(await this.#commit(batch))) return;
      left -= batch.length;
    } while (left > 0);
  }

  async #commit(batch: readonly Pending<T, R>[]): Promise<boolean> {
    try {
      const results = await this.#options.commit(batch.map(({ item }) => item));
      this.#hasFailed = false;
      for (const [at, result] of results.entries()) this.#settle(batch[at], result);
      return true;
    } catch (error) {
      this.#options.failed(error);
      this.#giveUp([...batch, ...this.#queue], error);
      return false;
    }
  }

  #settle(pending: Pending<T, R> | undefined, result: R): void {
    if (pending?.waiting === undefined) this.#deferred -= 1;
    else pending.waiting.resolve(result);
  }

  /** Nobody who waits is left waiting behind deferred items that cannot be written. */
  #giveUp(all: readonly Pending<T, R>[], error: unknown): void {
    this.#hasFailed = true;
    this.#queue = all.filter(({ waiting }) => waiting === undefined);
    for (const { waiting } of all) waiting?.reject(error);
    this.#timer ??= this.#startTimer(retryMs);
    // What may never succeed keeps no process alive; what has a good chance to does, for as long as it takes.
    this.#timer.unref();
  }

  #startTimer(ms: number): Timer {
    return this.#options.clock.startTimer(ms, () => {
      this.#timer = undefined;
      this.#start();
    });
  }

  #stopTimer(): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
