import { createSingleFlight, type Clock } from "op-core";

/** How a value that somebody else has is kept. */
export interface RefreshedOptions<Value> {
  readonly fetch: (signal: AbortSignal) => Promise<Value>;
  /** How long it is used before it is fetched again. */
  readonly freshMs: number;
  /** How long it goes on to be used when it cannot be fetched. */
  readonly staleMs: number;
  readonly clock: Clock;
  /** Called when it could not be fetched, also where the old value goes on to be used. */
  readonly onFailure: (error: unknown) => void;
}

/** Nobody is asked more often, however many tokens want something else. */
const cooldownMs = 30_000;

/** Keeps a value of somebody else fresh, and for a bounded time without them. */
export class Refreshed<Value> {
  readonly #options: RefreshedOptions<Value>;
  readonly #flight = createSingleFlight<"value", Value>();
  #held: { readonly value: Value; readonly atMs: number } | undefined;
  #failure: { readonly error: unknown; readonly atMs: number } | undefined;

  constructor(options: RefreshedOptions<Value>) {
    this.#options = options;
  }

  /** The value. Rejects when it cannot be fetched, and has been too old for too long. */
  async get(signal: AbortSignal): Promise<Value> {
    const { freshMs, staleMs } = this.#options;
    if (this.#held !== undefined && this.#ageOf(this.#held) < freshMs) return this.#held.value;
    try {
      if (this.#failure !== undefined && this.#ageOf(this.#failure) < cooldownMs)
        throw this.#failure.error;
      return await this.#fetch(signal);
    } catch (error) {
      signal.throwIfAborted();
      if (this.#held !== undefined && this.#ageOf(this.#held) < freshMs + staleMs)
        return this.#held.value;
      throw error;
    }
  }

  /** A value fetched after this one, because this one lacks something; nothing when it was fetched just now. */
  async newerThan(value: Value, signal: AbortSignal): Promise<Value | undefined> {
    if (this.#held !== undefined && this.#held.value !== value) return this.#held.value;
    const latest = [this.#held, this.#failure].some((at) => at && this.#ageOf(at) < cooldownMs);
    return latest ? undefined : await this.#fetch(signal);
  }

  #ageOf({ atMs }: { readonly atMs: number }): number {
    return this.#options.clock.monotonic() - atMs;
  }

  async #fetch(signal: AbortSignal): Promise<Value> {
    const { clock, fetch, onFailure } = this.#options;
    const work = async (flying: AbortSignal): Promise<Value> => {
      try {
        const value = await fetch(flying);
        this.#held = { value, atMs: clock.monotonic() };
        this.#failure = undefined;
        return value;
      } catch (error) {
        if (!flying.aborted) {
          this.#failure = { error, atMs: clock.monotonic() };
          onFailure(error);
        }
        throw error;
      }
    };
    return await this.#flight.run("value", work, { signal });
  }
}
