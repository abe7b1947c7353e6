import type { Clock } from "op-core";
import { escapeControlsInJson } from "../text/escape-controls.ts";
import { formatPretty } from "./format-pretty.ts";
import type { LogConfig } from "./log-config.ts";
import { RotatingFile } from "./rotating-file.ts";

/** The stream that gets the lines; never stdout, which belongs to MCP. */
export interface LogStream {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
}

/** Where JSON lines go in the end. */
export interface LogSink extends Disposable {
  write(line: string): void;
  /** Opens the log file again, after another program moved it away. */
  reopen(): void;
}

/** What a sink is made of. */
export interface LogSinkOptions {
  readonly config: LogConfig;
  readonly stderr: LogStream;
  readonly clock: Clock;
  /** Whether colours may be used where stderr is a terminal; the user's `NO_COLOR` says no. */
  readonly hasColour: boolean;
}

/** Makes the destination that the configuration names: stderr or a rotated file, as JSON or for people. */
export function createLogSink(options: LogSinkOptions): LogSink {
  const { config, stderr, clock } = options;
  const format = formatFor(options);
  if (config.file === "") {
    return {
      write: (line) => void stderr.write(format(line)),
      reopen: () => undefined,
      [Symbol.dispose]: () => undefined,
    };
  }
  const file = new RotatingFile({
    ...config,
    clock,
    writeFallback: (text) => void stderr.write(text),
  });
  return {
    write: (line) => {
      file.write(format(line));
    },
    reopen: () => {
      file.reopen();
    },
    [Symbol.dispose]: () => {
      file[Symbol.dispose]();
    },
  };
}

function formatFor({ config, stderr, hasColour }: LogSinkOptions): (line: string) => string {
  const isTerminal = config.file === "" && stderr.isTTY === true;
  const isPretty = config.format === "pretty" || (config.format === "auto" && isTerminal);
  if (!isPretty) return escapeControlsInJson;
  return (line) => formatPretty(line, { hasColour: isTerminal && hasColour });
}
