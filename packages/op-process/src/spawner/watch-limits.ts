import type { Clock, Timer } from "op-core";
import type { LimitName, Limits } from "../spec/limits.ts";
import type { Measurement } from "./measure-tree.ts";

/** What a watch needs. */
export interface LimitWatchOptions {
  readonly limits: Limits;
  /** The limits that the kernel enforces for this child. */
  readonly enforced: ReadonlySet<LimitName>;
  readonly clock: Clock;
  readonly measure: () => Measurement;
  /** Called once, with the first limit that was exceeded. */
  readonly onExceeded: (limit: LimitName) => void;
}

const pollMs = 100;

/** Watches over the limits that the kernel does not enforce; disposing ends it. */
export function watchLimits(options: LimitWatchOptions): Disposable {
  const { limits, enforced, clock, measure, onExceeded } = options;
  const timers = new DisposableStack();
  const end = (limit: LimitName) => {
    timers.dispose();
    onExceeded(limit);
  };
  if (limits.wallTimeMs !== undefined) {
    timers.use(clock.startTimer(limits.wallTimeMs, () => end("wallTime")));
  }
  const bounds = boundsToPoll(limits, enforced);
  if (bounds.length === 0) return timers;
  let pending: Timer | undefined;
  timers.defer(() => pending?.[Symbol.dispose]());
  const poll = () => {
    const measured = measure();
    const exceeded = bounds.find(({ most, of }) => of(measured) > most);
    if (exceeded !== undefined) return end(exceeded.limit);
    pending = clock.startTimer(pollMs, poll);
  };
  pending = clock.startTimer(pollMs, poll);
  return timers;
}

interface Bound {
  readonly limit: LimitName;
  readonly most: number;
  readonly of: (measured: Measurement) => number;
}

function boundsToPoll(
  { memoryBytes, processes, cpuTimeMs }: Limits,
  enforced: ReadonlySet<LimitName>,
): Bound[] {
  const bounds: [LimitName, number | undefined, Bound["of"]][] = [
    ["memory", memoryBytes, (measured) => measured.memoryBytes],
    ["processes", processes, (measured) => measured.threads],
    ["cpuTime", cpuTimeMs, (measured) => measured.cpuMs],
  ];
  return bounds.flatMap(([limit, most, of]) =>
    most === undefined || enforced.has(limit) ? [] : [{ limit, most, of }],
  );
}
