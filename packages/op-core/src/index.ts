/**
 * What every other package stands on: errors with codes, time, logging, JSON, cancellation and lifecycles.
 * It has no dependency and does no I/O; what needs either lives elsewhere.
 */
export {
  abortable,
  isAbortOf,
  sleep,
  onAbort,
  startDeadline,
  type Deadline,
  type DeadlineOptions,
  type WaitOptions,
} from "./abort.ts";
export { backoffDelayMs, defaultBackoffPolicy, type BackoffPolicy } from "./backoff.ts";
export { canonicalJson } from "./canonical-json.ts";
export {
  createCircuitBreaker,
  type AdmittedCall,
  type CircuitBreaker,
  type CircuitBreakerOptions,
  type CircuitListener,
} from "./circuit-breaker.ts";
export type { CircuitRules, CircuitState } from "./circuit-state.ts";
export { systemClock, type Clock, type Timer } from "./clock.ts";
export {
  CircuitOpenError,
  DeadlineExceededError,
  QueueFullError,
  ServiceCloseError,
  ServiceOpenError,
  type ServiceCloseFailure,
} from "./core-error.ts";
export { createEventBoard, type EventBoard } from "./event-board.ts";
export { formatError } from "./format-error.ts";
export { isJsonObject, type JsonObject, type JsonValue } from "./json.ts";
export { silentLogger, type Logger, type LogFields, type LogLevel } from "./logger.ts";
export { isErrorOf, isOpError, OpError, type OpErrorOptions } from "./op-error.ts";
export { retry, type RetryOptions } from "./retry.ts";
export {
  createSemaphore,
  type AcquireOptions,
  type Semaphore,
  type SemaphoreOptions,
} from "./semaphore.ts";
export {
  openServices,
  type ServiceContext,
  type ServiceGroup,
  type ServiceGroupOptions,
  type ServiceOpener,
} from "./service-group.ts";
export {
  createSingleFlight,
  type SingleFlight,
  type SingleFlightOptions,
} from "./single-flight.ts";
export {
  failureCode,
  inSpan,
  type Span,
  type SpanAttributes,
  type SpanKind,
  type SpanOptions,
  type SpanPart,
  type TraceContext,
  type Tracer,
} from "./span.ts";
export { TransientMap } from "./transient-map.ts";
