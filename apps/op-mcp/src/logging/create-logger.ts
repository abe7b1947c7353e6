import type { Clock, LogFields, Logger, LogLevel } from "op-core";
import type { LogConfig } from "./log-config.ts";
import { createLogSink, type LogSink, type LogSinkOptions } from "./log-sink.ts";
import { redactText } from "op-audit/redaction";
import { redact } from "./redact.ts";

/** The process's logger and what only its owner may do with it. */
export interface ProcessLogger extends AsyncDisposable {
  readonly logger: Logger;
  setLevel(level: LogConfig["level"]): void;
  /** Opens the log file again, after another program moved it away. */
  reopen(): void;
  /** Resolves when every line so far is written. */
  flush(): Promise<void>;
}

interface Line {
  readonly level: LogLevel;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

type WriteLine = (line: Line) => void;

const urgencies: Readonly<Record<LogConfig["level"], number>> = {
  debug: 20,
  info: 30,
  warn: 40,
  error: 50,
  silent: 100,
};

/** What every line has by itself; a field of that name is written with an underscore. */
const ownFields: ReadonlySet<string> = new Set(["level", "time", "pid", "msg"]);

/**
 * Makes the logger of the process. Its engine is loaded with the first line that is really written, so that a quiet
 * start pays nothing; lines wait for it, and are written plainly should the process leave before.
 */
export function createLogger(options: LogSinkOptions): ProcessLogger {
  return new LazyLogger(options);
}

class LazyLogger implements ProcessLogger {
  readonly logger: Logger;
  readonly #sink: LogSink;
  readonly #clock: Clock;
  #level: LogConfig["level"];
  #writeLine: WriteLine | undefined;
  #loading: Promise<void> | undefined;
  #waiting: Line[] = [];

  constructor(options: LogSinkOptions) {
    this.#sink = createLogSink(options);
    this.#clock = options.clock;
    this.#level = options.config.level;
    this.logger = this.#withFields({});
  }

  setLevel(level: LogConfig["level"]): void {
    this.#level = level;
  }

  reopen(): void {
    this.#sink.reopen();
  }

  async flush(): Promise<void> {
    await this.#loading;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.flush();
    this.#sink[Symbol.dispose]();
  }

  #withFields(inherited: LogFields): Logger {
    const at = (level: LogLevel) => (message: string, fields?: LogFields) => {
      this.#log(level, message, { ...inherited, ...fields });
    };
    return {
      debug: at("debug"),
      info: at("info"),
      warn: at("warn"),
      error: at("error"),
      child: (fields) => this.#withFields({ ...inherited, ...fields }),
    };
  }

  #log(level: LogLevel, message: string, fields: LogFields): void {
    if (urgencies[level] < urgencies[this.#level]) return;
    const time = new Date(this.#clock.now()).toISOString();
    const line = {
      level,
      message: redactText(message),
      fields: { time, ...writableFields(fields) },
    };
    if (this.#writeLine !== undefined) {
      this.#writeLine(line);
      return;
    }
    this.#waiting.push(line);
    this.#loading ??= this.#load();
  }

  async #load(): Promise<void> {
    const writeBeforeExit = (): void => {
      this.#startWriting(writePlainly(this.#sink));
    };
    process.once("exit", writeBeforeExit);
    try {
      const { default: pino } = await import("pino");
      const engine = pino(
        {
          level: "debug",
          base: { pid: process.pid },
          timestamp: false,
          formatters: { level: toLabel },
        },
        this.#sink,
      );
      this.#startWriting(({ level, message, fields }) => {
        engine[level](fields, message);
      });
    } catch (error) {
      this.#startWriting(writePlainly(this.#sink));
      const reason = { reason: error instanceof Error ? error.message : String(error) };
      this.#log("warn", "The log engine cannot be loaded; lines are written plainly.", reason);
    } finally {
      process.off("exit", writeBeforeExit);
    }
  }

  #startWriting(writeLine: WriteLine): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#writeLine = writeLine;
    for (const line of waiting) writeLine(line);
  }
}

/** The same lines without the engine, which is loaded asynchronously and so comes too late for a dying process. */
function writePlainly(sink: LogSink): WriteLine {
  return ({ level, message, fields }) => {
    const line = { level, pid: process.pid, ...fields, msg: message };
    sink.write(`${JSON.stringify(line)}\n`);
  };
}

function writableFields(fields: LogFields): Readonly<Record<string, unknown>> {
  const safe = redact(fields);
  if (typeof safe !== "object" || safe === null) return {};
  return Object.fromEntries(
    Object.entries(safe).map(([key, value]) => [ownFields.has(key) ? `${key}_` : key, value]),
  );
}

function toLabel(label: string): { level: string } {
  return { level: label };
}
