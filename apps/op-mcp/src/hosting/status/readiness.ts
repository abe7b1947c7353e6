import { abortable, startDeadline, type Clock, type Logger } from "op-core";
import type { Metric } from "../../metrics/metric.ts";

/** How a part of the server stands. Requests still come where one is `degraded`: the others do without it. Says no more than that: the reasons are in the log. */
export type PartState = "ok" | "starting" | "degraded" | "failing" | "leaving";

/** A part without which requests would fail, as it is looked at from outside: at `/ready`, and at `/metrics`. */
export interface ReadyPart {
  readonly name: string;
  /** Rejecting means that it fails; so does taking long. */
  readonly check: (signal: AbortSignal) => PartState | Promise<PartState>;
  /** What can be counted of it. */
  readonly metrics?: () => readonly Metric[];
}

/** What is answered to whoever asks whether requests should come here. */
export interface ReadyReport {
  readonly isReady: boolean;
  /** JSON. */
  readonly body: string;
}

/** Whether requests should come here. */
export interface Readiness {
  report(signal: AbortSignal): Promise<ReadyReport>;
}

/** What asking takes. */
export interface ReadinessOptions {
  /** Asked anew each time: parts come and go. */
  readonly parts: () => readonly ReadyPart[];
  readonly clock: Clock;
  readonly logger: Logger;
}

/** A part that takes longer to say how it is, is not well. */
const mostMs = 2000;

/** Asks every part, all at once. */
export function createReadiness({ parts, clock, logger }: ReadinessOptions): Readiness {
  return {
    report: async (signal) => {
      using deadline = startDeadline({ what: "Asking how a part is", ms: mostMs, clock, signal });
      const states = await Promise.all(
        parts().map(async ({ name, check }) => {
          try {
            return [
              name,
              await abortable(Promise.resolve(check(deadline.signal)), deadline.signal),
            ] as const;
          } catch (error) {
            signal.throwIfAborted();
            logger.warn("a part is not ready", { part: name, error });
            return [name, "failing"] as const;
          }
        }),
      );
      const isReady = states.every(([, state]) => state === "ok" || state === "degraded");
      const status = isReady ? "ready" : "not-ready";
      return {
        isReady,
        body: `${JSON.stringify({ status, parts: Object.fromEntries(states) })}\n`,
      };
    },
  };
}
