import {
  admitsCall,
  nextCircuitState,
  type CallOutcome,
  type CircuitEvent,
  type CircuitRules,
  type CircuitState,
} from "./circuit-state.ts";
import { systemClock, type Clock } from "./clock.ts";
import { CircuitOpenError } from "./core-error.ts";
import { createRollingWindow } from "./rolling-window.ts";

/** What a circuit breaker takes. */
export interface CircuitBreakerOptions extends CircuitRules {
  /** How far back calls count, to a tenth of it. */
  readonly windowMs: number;
  /** With fewer calls in the window the circuit stays closed. */
  readonly minimumCalls: number;
  /** The share of failures, above 0 and up to 1, at which the circuit opens. */
  readonly failureRatio: number;
  /** How long everything is refused before trial calls are let through. */
  readonly openMs: number;
  /** How many trial calls there are at a time; when as many have succeeded, the circuit closes. */
  readonly halfOpenCalls: number;
  readonly clock?: Clock;
  /** Whether an error speaks against the other side; all do unless told. Others count neither for nor against it. */
  readonly countsAsFailure?: (error: unknown) => boolean;
  /** What is protected, as the subject of the error's sentence; `"The call"` unless told. */
  readonly what?: string;
}

/** Told after the circuit changed from one kind of state to another; it must not throw. */
export type CircuitListener = (state: CircuitState, previous: CircuitState) => void;

/** A call that was let through. How it ended is told once. */
export interface AdmittedCall {
  succeed(): void;
  fail(error: unknown): void;
}

/** Refuses calls to something that keeps failing, and tries from time to time whether it has recovered. */
export interface CircuitBreaker {
  /** An open circuit becomes half-open with the first call after its time, not by itself. */
  readonly state: CircuitState;
  /** Lets a call through, or throws `ERR_CIRCUIT_OPEN`. */
  admit(): AdmittedCall;
  /** Calls `fn` and settles as it does, or rejects with `ERR_CIRCUIT_OPEN` without calling it. */
  run<T>(fn: () => Promise<T>): Promise<T>;
  /** Tells of every change until it is disposed. */
  onChange(listener: CircuitListener): Disposable;
}

class Admitted implements AdmittedCall {
  readonly #period: number;
  readonly #settle: (period: number, outcome: CallOutcome) => void;
  readonly #countsAsFailure: (error: unknown) => boolean;

  constructor(
    period: number,
    settle: (period: number, outcome: CallOutcome) => void,
    countsAsFailure: (error: unknown) => boolean,
  ) {
    this.#period = period;
    this.#settle = settle;
    this.#countsAsFailure = countsAsFailure;
  }

  succeed(): void {
    this.#settle(this.#period, "succeeded");
  }

  fail(error: unknown): void {
    this.#settle(this.#period, this.#countsAsFailure(error) ? "failed" : "ignored");
  }
}

/** Makes a closed circuit. */
export function createCircuitBreaker(options: CircuitBreakerOptions): CircuitBreaker {
  const { clock = systemClock, countsAsFailure = () => true, what = "The call" } = options;
  const listeners = new Set<{ readonly notify: CircuitListener }>();
  let state: CircuitState = { kind: "closed" };
  let window = createRollingWindow(options.windowMs);
  /** Counts changes: a call that began before the last one says nothing of the present. */
  let period = 0;

  const apply = (event: CircuitEvent) => {
    const previous = state;
    state = nextCircuitState(previous, event, options);
    if (state.kind === previous.kind) return;
    period += 1;
    window = createRollingWindow(options.windowMs);
    for (const { notify } of listeners) notify(state, previous);
  };

  const admit = (): AdmittedCall => {
    const nowMs = clock.monotonic();
    if (state.kind !== "closed" && !admitsCall(state, nowMs, options)) {
      throw new CircuitOpenError(what, Math.max(0, state.untilMs - nowMs));
    }
    apply({ kind: "call-admitted", nowMs });
    return new Admitted(period, settle, countsAsFailure);
  };

  const exceedsThreshold = (outcome: "succeeded" | "failed", nowMs: number) => {
    window.record(outcome === "failed", nowMs);
    const { calls, failures } = window.totals(nowMs);
    return calls >= options.minimumCalls && failures >= calls * options.failureRatio;
  };

  const settle = (admittedIn: number, outcome: CallOutcome) => {
    if (admittedIn !== period) return;
    const nowMs = clock.monotonic();
    const isOverThreshold = outcome !== "ignored" && exceedsThreshold(outcome, nowMs);
    apply({ kind: "call-settled", nowMs, outcome, isOverThreshold });
  };

  return {
    get state() {
      return state;
    },
    admit,
    run: async (fn) => {
      const admitted = admit();
      let result: Awaited<ReturnType<typeof fn>>;
      try {
        result = await fn();
      } catch (error) {
        admitted.fail(error);
        throw error;
      }
      admitted.succeed();
      return result;
    },
    onChange: (notify) => {
      const listener = { notify };
      listeners.add(listener);
      return { [Symbol.dispose]: () => listeners.delete(listener) };
    },
  };
}
