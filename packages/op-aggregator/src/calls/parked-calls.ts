import type { Clock, JsonObject, Timer } from "op-core";
import { InteractiveCall, type Follower, type StartCall } from "./interactive-call.ts";

/** What is called, by whom. */
export interface CallIdentity {
  /** The same for a request and its repetition with the answer. Asked for only where calls wait or begin to. */
  readonly key: () => string;
  readonly session: string;
}

interface Parked {
  readonly call: InteractiveCall;
  readonly timer: Timer;
}

/** How long a call waits for somebody to come back with an answer. */
const patienceMs = 300_000;
const mostParked = 256;

/** Calls that wait for an answer which a later request brings. */
export class ParkedCalls implements Disposable {
  readonly #clock: Clock;
  readonly #parked = new Map<string, Parked>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Goes on with the call that waits for this request, or begins one. */
  run({ key, session }: CallIdentity, follower: Follower, start: StartCall): Promise<JsonObject> {
    const waiting = this.#parked.size === 0 ? undefined : this.#take(key());
    const call = waiting ?? this.#begin(session, follower.signal, start);
    return call.follow(follower, () => this.#park(key(), call));
  }

  #begin(session: string, signal: AbortSignal, start: StartCall): InteractiveCall {
    return new InteractiveCall({ session, signal, clock: this.#clock }, start);
  }

  [Symbol.dispose](): void {
    for (const key of this.#parked.keys()) this.#take(key)?.[Symbol.dispose]();
  }

  #take(key: string): InteractiveCall | undefined {
    const parked = this.#parked.get(key);
    this.#parked.delete(key);
    parked?.timer[Symbol.dispose]();
    return parked?.call;
  }

  #park(key: string, call: InteractiveCall): void {
    this.#take(key)?.[Symbol.dispose]();
    const [longest] = this.#parked.keys();
    if (this.#parked.size >= mostParked && longest !== undefined)
      this.#take(longest)?.[Symbol.dispose]();
    const timer = this.#clock.startTimer(patienceMs, () => this.#take(key)?.[Symbol.dispose]());
    timer.unref();
    this.#parked.set(key, { call, timer });
  }
}
