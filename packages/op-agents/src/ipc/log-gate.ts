import type { Clock } from "op-core";

/** How many lines an agent may log in a second; the rest is counted. */
const linesPerSecond = 100;
/** How many in a second are no log any more. */
const floodPerSecond = 20_000;

/** What to do with a line of an agent's log. */
export type LogVerdict = "log" | "drop" | "flood";

/** Decides about each line of an agent's log, so that one agent can't fill everybody's. */
export function createLogGate(clock: Clock, onDropped: (lines: number) => void): () => LogVerdict {
  let secondStartedMs = clock.monotonic();
  let lines = 0;
  return () => {
    const nowMs = clock.monotonic();
    if (nowMs - secondStartedMs >= 1000) {
      if (lines > linesPerSecond) onDropped(lines - linesPerSecond);
      secondStartedMs = nowMs;
      lines = 0;
    }
    lines += 1;
    if (lines > floodPerSecond) return "flood";
    return lines > linesPerSecond ? "drop" : "log";
  };
}
