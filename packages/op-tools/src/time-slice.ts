import { systemClock, type Clock } from "op-core";

/** Well below what a person, or another client's call, would notice. */
const sliceMs = 5;

/**
 * Tells when long work should let everybody else have a turn. By time, since nobody knows how long a step takes, and by
 * the real one unless told, since it is the process that must not stand still.
 */
export class TimeSlice {
  readonly #clock: Clock;
  #began: number;

  constructor(clock: Clock = systemClock) {
    this.#clock = clock;
    this.#began = clock.monotonic();
  }

  get isOver(): boolean {
    return this.#clock.monotonic() - this.#began >= sliceMs;
  }

  /** Goes on after everybody else had a turn. */
  async next(): Promise<void> {
    await new Promise<void>((resolve) => setImmediate(resolve));
    this.#began = this.#clock.monotonic();
  }
}
