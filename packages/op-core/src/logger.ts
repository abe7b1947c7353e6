/** Structured details of a log line. Values are written as JSON; secrets never belong here. */
export type LogFields = Readonly<Record<string, unknown>>;

/** How urgent a log line is. */
export type LogLevel = "debug" | "info" | "warn" | "error";

/** The port through which every package logs. */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** A logger that adds these fields to each of its lines. */
  child(fields: LogFields): Logger;
}

/** Logs nothing. */
export const silentLogger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silentLogger,
};
