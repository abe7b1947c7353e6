/** Something that went over its threshold, or came back. */
export type AlertEvent = {
  readonly kind: "raised" | "cleared";
  /** What is measured, such as `memory` or `disk /home`. */
  readonly what: string;
  readonly value: number;
  readonly threshold: number;
  readonly at: string;
};

/** A measure and its threshold; a threshold of 0 stands for none. */
export interface Measure {
  readonly what: string;
  readonly value: number;
  readonly threshold: number;
}

/** Decides when a threshold is crossed. */
export interface AlertWatch {
  /** Takes what was measured at one time, and tells what that changes. */
  take(measures: readonly Measure[], at: Date): readonly AlertEvent[];
  /** What is over its threshold now, as it was raised. */
  active(): readonly AlertEvent[];
}

/**
 * Makes a watch that raises an alert after so many measurements in a row at or over the threshold, and clears it after as
 * many below: what goes to and fro is one alert, and a moment is none.
 */
export function createAlertWatch(times: number): AlertWatch {
  const counts = new Map<string, number>();
  const raised = new Map<string, AlertEvent>();
  const step = ({ what, value, threshold }: Measure, at: Date): readonly AlertEvent[] => {
    const isOver = threshold > 0 && value >= threshold;
    if (isOver === raised.has(what)) {
      counts.delete(what);
      return [];
    }
    const count = (counts.get(what) ?? 0) + 1;
    counts.set(what, count);
    if (count < times) return [];
    counts.delete(what);
    const kind = isOver ? "raised" : "cleared";
    const event: AlertEvent = { kind, what, value, threshold, at: at.toISOString() };
    if (isOver) raised.set(what, event);
    else raised.delete(what);
    return [event];
  };
  return {
    take: (measures, at) => measures.flatMap((measure) => step(measure, at)),
    active: () => [...raised.values()],
  };
}
