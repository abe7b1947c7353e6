import type { DiagLogger } from "@opentelemetry/api";
import { formatError, type Clock, type Logger } from "op-core";

/** Takes what goes wrong while sending. */
export type Trouble = (what: unknown) => void;

/** A collector that is away is away for every sending: it is told once in this time. */
const quietMs = 60_000;

/** Tells in the log what goes wrong while sending, once in a while; calls go on. */
export function createTrouble({
  clock,
  logger,
}: {
  readonly clock: Clock;
  readonly logger: Logger;
}): Trouble {
  let toldAt: number | undefined;
  return (what) => {
    const now = clock.monotonic();
    if (toldAt !== undefined && now - toldAt < quietMs) return;
    toldAt = now;
    const reason = what instanceof Error ? formatError(what) : String(what);
    logger.warn("traces or metrics cannot be sent to the collector", { reason });
  };
}

const nothing = (): void => undefined;

/** What the libraries say of themselves, of which only trouble is of interest. */
export function toDiagLogger(trouble: Trouble): DiagLogger {
  return {
    error: (message) => trouble(message),
    warn: (message) => trouble(message),
    info: nothing,
    debug: nothing,
    verbose: nothing,
  };
}
