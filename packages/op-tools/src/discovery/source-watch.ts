import {
  abortable,
  backoffDelayMs,
  type BackoffPolicy,
  defaultBackoffPolicy,
  formatError,
  isAbortOf,
  sleep,
  startDeadline,
  type Clock,
  type Logger,
} from "op-core";
import type { ToolSource, ToolSourceChange } from "../sources/tool-source.ts";
import type { ToolDescriptor } from "../tool/tool-descriptor.ts";
import { nameOfDescriptor } from "./descriptor-text.ts";
import type { KnownTools } from "./known-tools.ts";
import type { MissingTools, SourceState, SourceStatus } from "./source-status.ts";
import { TimeSlice } from "../time-slice.ts";

/** What following one source takes. */
export interface SourceWatchOptions {
  readonly source: ToolSource;
  readonly known: KnownTools;
  /** What the source's list was made of when the manifest was written. */
  readonly fingerprint: string | undefined;
  readonly listTimeoutMs: number;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Taking the later ones too would change the tool with every listing. */
const listedTwice = "its source lists this name more than once, and only the first counts";

/** A source whose changes end in an error sooner than this after each listing has not recovered. */
const wellForMs = 60_000;

/** To list a source may take the start of a program, which one that is broken would otherwise cost ten times a second. */
const relistPolicy: BackoffPolicy = { ...defaultBackoffPolicy, initialMs: 1000 };

/** A source that resets over and over is listed at this pace. */
const resetPauseMs = 100;

/** Follows one source: lists it, takes in its changes, and tries again when it fails. */
export class SourceWatch {
  readonly #options: SourceWatchOptions;
  readonly #settled = Promise.withResolvers<void>();
  #state: SourceState = { kind: "waiting" };
  #isStale = true;
  #isSettled = false;
  #fingerprint: string | undefined;
  /** The failure that was logged last. */
  #told: string | undefined;

  readonly #sinceMs: number;

  constructor(options: SourceWatchOptions) {
    this.#options = options;
    this.#fingerprint = options.fingerprint;
    this.#sinceMs = options.clock.monotonic();
  }

  /** For how long it has been followed. */
  get ageMs(): number {
    return this.#options.clock.monotonic() - this.#sinceMs;
  }

  /** Whether the first listing has ended, well or not. */
  get isSettled(): boolean {
    return this.#isSettled;
  }

  /** Resolves when the first listing has ended, well or not. */
  get settled(): Promise<void> {
    return this.#settled.promise;
  }

  /** What is not known of it because it did not say what it has; nothing where it did, in this run or an earlier one. */
  get missing(): MissingTools | undefined {
    const { name, state, tools } = this.status;
    if (state.kind === "ready" || tools > 0) return undefined;
    const reason = state.kind === "failed" ? "it could not be listed" : "it has not answered yet";
    return { source: name, reason };
  }

  /** Whether a tool of this name may be one of its own, as far as its names are known beforehand. */
  mayHave(tool: string): boolean {
    const { name, prefix = "" } = this.#options.source;
    // A name that another has gets the source's own in front.
    return tool.startsWith(prefix) || tool.startsWith(`${name}_`);
  }

  /** Whether it says beforehand that names like this one are its own. */
  claims(tool: string): boolean {
    const { prefix = "" } = this.#options.source;
    return prefix !== "" && tool.startsWith(prefix);
  }

  get fingerprint(): string | undefined {
    return this.#fingerprint;
  }

  get status(): SourceStatus {
    const { name } = this.#options.source;
    return {
      name,
      state: this.#state,
      tools: this.#options.known.countOf(name),
      isStale: this.#isStale,
    };
  }

  /** Follows the source until the signal aborts; never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    let failures = 0;
    while (!signal.aborted) {
      let listedAt = Infinity;
      try {
        await this.#follow(signal, () => {
          listedAt = clock.monotonic();
        });
        failures = 0;
        await this.#pause(resetPauseMs, signal);
      } catch (error) {
        if (isAbortOf(error, signal) || signal.aborted) break;
        failures = clock.monotonic() - listedAt >= wellForMs ? 1 : failures + 1;
        if (failures === 1) this.#told = undefined;
        this.#fail(error, failures);
        await this.#pause(backoffDelayMs(failures, relistPolicy, Math.random), signal);
      }
    }
    this.#settle();
  }

  /** One listing and the changes after it; returns when the source wants to be listed again. */
  async #follow(parent: AbortSignal, onListed: () => void): Promise<void> {
    const { source } = this.#options;
    // The subscription ends with this round, or each retry would leave one behind.
    const round = new AbortController();
    using _end = { [Symbol.dispose]: () => round.abort() };
    const signal = AbortSignal.any([parent, round.signal]);
    const changes = source.changes?.({ signal })[Symbol.asyncIterator]();
    // Asked for before the listing, so that what changes meanwhile is not lost.
    let next = changes?.next();
    next?.catch(() => undefined);
    await this.#list(signal);
    onListed();
    this.#settle();
    while (next !== undefined) {
      const { value, done } = await abortable(next, signal);
      if (done === true) break;
      if (!this.#take(value)) return;
      next = changes?.next();
    }
    await untilAborted(signal);
  }

  async #list(signal: AbortSignal): Promise<void> {
    const { source, listTimeoutMs, clock } = this.#options;
    this.#state = { kind: "listing" };
    using deadline = startDeadline({
      what: `Listing the tools of ${source.name}`,
      ms: listTimeoutMs,
      clock,
      signal,
    });
    const fingerprint = await abortable(
      Promise.resolve(source.fingerprint?.(deadline)),
      deadline.signal,
    );
    if (fingerprint === undefined || fingerprint !== this.#fingerprint) {
      // Half a list is the list of no fingerprint.
      this.#fingerprint = undefined;
      await this.#listAll(deadline.signal);
    }
    this.#fingerprint = fingerprint;
    this.#state = { kind: "ready" };
    this.#isStale = false;
  }

  async #listAll(signal: AbortSignal): Promise<void> {
    const { source, known } = this.#options;
    const listed = new Set<string>();
    const slice = new TimeSlice();
    for await (const descriptor of stoppable(source.list({ signal }), signal)) {
      const name = nameOfDescriptor(descriptor);
      if (name !== "" && listed.has(name))
        known.setAside({ source: source.name, name, reason: listedTwice });
      else known.put(source.name, descriptor);
      listed.add(name);
      if (slice.isOver) await slice.next();
    }
    for (const name of known.namesOf(source.name)) {
      if (listed.has(name)) continue;
      known.remove(source.name, name);
      if (slice.isOver) await slice.next();
    }
  }

  /** Whether the change could be taken in by itself. */
  #take(change: ToolSourceChange): boolean {
    const { source, known } = this.#options;
    // From here on what is known differs from the list that the fingerprint stands for.
    this.#fingerprint = undefined;
    if (change.kind === "source-reset") return false;
    if (change.kind === "tool-removed") known.remove(source.name, change.name);
    else known.put(source.name, change.descriptor);
    return true;
  }

  #settle(): void {
    this.#isSettled = true;
    this.#settled.resolve();
  }

  #fail(error: unknown, failures: number): void {
    const described = formatError(error);
    this.#state = { kind: "failed", error: described, failures };
    this.#isStale = true;
    this.#settle();
    const { logger, source } = this.#options;
    // Who fails the same way at every attempt says it once.
    const level = described === this.#told ? "debug" : "warn";
    this.#told = described;
    logger[level]("a source cannot be listed; it is tried again", {
      source: source.name,
      failures,
      error,
    });
  }

  async #pause(delayMs: number, signal: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    await sleep(delayMs, { clock, signal }).catch(() => undefined); // An abort ends the loop that called.
  }
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

/**
 * The same items, but an abort ends the wait for the next one also where the source does not listen to it.
 *
 * @yields each item as it comes
 */
async function* stoppable(
  items: AsyncIterable<ToolDescriptor>,
  signal: AbortSignal,
): AsyncGenerator<ToolDescriptor> {
  const iterator = items[Symbol.asyncIterator]();
  try {
    while (true) {
      const { value, done } = await abortable(iterator.next(), signal);
      if (done === true) return;
      yield value;
    }
  } finally {
    // Not awaited: a source that hangs would hang here too.
    void Promise.resolve(iterator.return?.()).catch(() => undefined);
  }
}
