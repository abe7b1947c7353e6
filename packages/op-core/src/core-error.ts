import { formatError } from "./format-error.ts";
import { isOpError, OpError } from "./op-error.ts";

/** Something took longer than it was allowed to. */
export class DeadlineExceededError extends OpError {
  static readonly code = "ERR_DEADLINE_EXCEEDED";
  static readonly meaning = "Something took longer than it was allowed to.";
  readonly code = DeadlineExceededError.code;

  constructor(what: string, ms: number) {
    super(`${what} took longer than ${ms} ms.`, {
      advice: "Try again, or allow it more time.",
      data: { what, ms },
      retryable: true,
    });
  }
}

/** A call that a circuit breaker refused. */
export class CircuitOpenError extends OpError {
  static readonly code = "ERR_CIRCUIT_OPEN";
  static readonly meaning = "The call was refused because too many of the recent ones failed.";
  readonly code = CircuitOpenError.code;

  constructor(what: string, retryAfterMs: number) {
    super(`${what} was refused because too many of the recent calls failed.`, {
      advice: `Try again in ${Math.ceil(retryAfterMs)} ms.`,
      data: { what, retryAfterMs },
      retryable: true,
    });
  }
}

/** A caller that found no room to wait for its turn. */
export class QueueFullError extends OpError {
  static readonly code = "ERR_QUEUE_FULL";
  static readonly meaning = "Everything was busy and the queue had no room left.";
  readonly code = QueueFullError.code;

  constructor(what: string, maxQueue: number) {
    super(`${what} was refused because everything is busy and ${maxQueue} others wait already.`, {
      advice: "Try again when some of them have finished.",
      data: { what, maxQueue },
      retryable: true,
    });
  }
}

/** A service that failed to open; what was opened before it has been closed again. */
export class ServiceOpenError extends OpError {
  static readonly code = "ERR_SERVICE_OPEN";
  static readonly meaning = "A part of the program could not be started; its cause says why.";
  readonly code = ServiceOpenError.code;

  constructor(name: string, cause: unknown) {
    const advice = isOpError(cause) ? cause.advice : undefined;
    const reason = isOpError(cause) ? cause.message : formatError(cause);
    super(`Opening ${name} failed: ${reason}`, {
      data: { name },
      cause,
      retryable: isOpError(cause) && cause.retryable,
      ...(advice === undefined ? {} : { advice }),
    });
  }
}

/** What went wrong while one service was closed. */
export interface ServiceCloseFailure {
  readonly name: string;
  readonly error: unknown;
}

/** Services that failed to close, or were not closed in time; the others are closed. Its cause holds every error. */
export class ServiceCloseError extends OpError {
  static readonly code = "ERR_SERVICE_CLOSE";
  static readonly meaning = "A part of the program could not be stopped cleanly or in time.";
  readonly code = ServiceCloseError.code;

  constructor(failures: readonly ServiceCloseFailure[]) {
    const reasons = failures.map(({ name, error }) => `${name}: ${formatError(error)}`);
    super(`Closing failed for ${reasons.join("; ")}`, {
      data: { names: failures.map(({ name }) => name) },
      cause: new AggregateError(
        failures.map(({ error }) => error),
        "Some services failed to close.",
      ),
    });
  }
}
