import { abortable } from "op-core";
import { AuthenticationError } from "../dbus-error.ts";
import type { ByteChannel } from "../link/byte-channel.ts";

/** What the bus said. */
export interface AuthLine {
  readonly command: string;
  readonly rest: string;
}

/** The lines in which a bus and its client authenticate. */
export interface AuthLines {
  send(line: string): void;
  /** The next line; rejects when the channel closes, when the bus does not speak in lines, or as the signal says. */
  next(): Promise<AuthLine>;
}

const longestLine = 16 * 1024;

/** Speaks in lines over a channel. */
export function createAuthLines(channel: ByteChannel, signal: AbortSignal): AuthLines {
  let text = "";
  let problem: Error | undefined;
  let wake: (() => void) | undefined;
  const fail = (error: Error): void => {
    problem ??= error;
    wake?.();
  };
  channel.setReceiver({
    bytes: (chunk) => {
      text += chunk.toString("latin1");
      if (text.length > longestLine) fail(refusal("the bus sent a line without end"));
      wake?.();
    },
    closed: (error) => fail(error ?? refusal("the bus closed the connection")),
  });

  const take = (): AuthLine | undefined => {
    const end = text.indexOf("\r\n");
    if (end === -1) return undefined;
    const line = text.slice(0, end);
    text = text.slice(end + 2);
    const space = line.indexOf(" ");
    return space === -1
      ? { command: line, rest: "" }
      : { command: line.slice(0, space), rest: line.slice(space + 1) };
  };

  return {
    send: (line) => channel.write(Buffer.from(`${line}\r\n`, "latin1")),
    next: async () => {
      for (;;) {
        const line = take();
        if (line !== undefined) return line;
        if (problem !== undefined) throw problem;
        const { promise, resolve } = Promise.withResolvers<void>();
        wake = resolve;
        await abortable(promise, signal);
      }
    },
  };
}

function refusal(problem: string): AuthenticationError {
  return new AuthenticationError(problem, []);
}
