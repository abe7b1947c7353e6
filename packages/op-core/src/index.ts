/**
 * What every other package stands on: errors with codes, time, logging, cancellation and lifecycles.
 * It has no dependency and does no I/O; what needs either lives elsewhere.
 */
export { systemClock, type Clock, type Timer } from "./clock.ts";
export type { JsonObject, JsonValue } from "./json.ts";
export { silentLogger, type Logger, type LogFields, type LogLevel } from "./logger.ts";
export { isOpError, OpError, type OpErrorOptions } from "./op-error.ts";
