import { abortable } from "./abort.ts";

/** What joining a flight takes. */
export interface SingleFlightOptions {
  /** Lets this caller leave; the others stay. */
  readonly signal?: AbortSignal | undefined;
}

/** Lets callers who want the same thing at the same time share one piece of work. */
export interface SingleFlight<K, V> {
  /** How many keys are being worked on. */
  readonly size: number;
  /**
   * Settles as the key's work does. The first caller's `work` is started, callers who come before it settles share it.
   * A caller whose signal aborts leaves with its reason; when the last one has left, the signal that `work` got aborts.
   * Nothing is kept once the work has settled.
   */
  run(key: K, work: (signal: AbortSignal) => Promise<V>, options?: SingleFlightOptions): Promise<V>;
}

interface Flight<V> {
  readonly controller: AbortController;
  readonly result: Promise<V>;
  callers: number;
}

/** Makes a single-flight; keys are compared as a `Map` compares them. */
export function createSingleFlight<K, V>(): SingleFlight<K, V> {
  const flights = new Map<K, Flight<V>>();

  /** Whether the flight was still on its way. */
  const forget = (key: K, flight: Flight<V>) => flights.get(key) === flight && flights.delete(key);

  const start = (key: K, work: (signal: AbortSignal) => Promise<V>): Flight<V> => {
    const controller = new AbortController();
    const fly = async (): Promise<V> => {
      try {
        return await Promise.try(work, controller.signal);
      } finally {
        forget(key, flight);
      }
    };
    const flight: Flight<V> = { controller, result: fly(), callers: 0 };
    flights.set(key, flight);
    return flight;
  };

  return {
    get size() {
      return flights.size;
    },
    run: async (key, work, { signal } = {}) => {
      signal?.throwIfAborted();
      const flight = flights.get(key) ?? start(key, work);
      flight.callers += 1;
      try {
        return await (signal === undefined ? flight.result : abortable(flight.result, signal));
      } finally {
        flight.callers -= 1;
        if (flight.callers === 0 && forget(key, flight)) flight.controller.abort(signal?.reason);
      }
    },
  };
}
