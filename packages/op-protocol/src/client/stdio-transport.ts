import type { Readable, Writable } from "node:stream";
import { finished } from "node:stream/promises";
import { sleep, systemClock, type Clock, type Logger } from "op-core";
import { createStreamTransport } from "../transports/stream-transport.ts";
import {
  toClientTransport,
  type ClientTransport,
  type ConnectTransport,
  type ConnectTransportOptions,
} from "./client-transport.ts";
import { toPlainLine } from "./last-words.ts";

/** A program to start. */
export interface ChildSpec {
  /** The program and its arguments; no shell reads them. */
  readonly argv: readonly [string, ...string[]];
  readonly cwd: string;
  /** The whole environment: nothing is inherited. */
  readonly env?: Readonly<Record<string, string>>;
  /** What the port knows of sandboxes; passed on as it is. */
  readonly sandbox?: object;
  /** What the child may use, in the port's own words. */
  readonly limits?: object;
  readonly graceMs?: number;
}

/** A child that runs. Disposing kills it and all it started. */
export interface SpawnedChild extends AsyncDisposable {
  readonly pid: number;
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Resolves when nothing of it is left. */
  readonly exited: Promise<unknown>;
  kill(): Promise<unknown>;
}

/** Starts programs. op-process's host is one. */
export interface SpawnPort {
  spawn(spec: ChildSpec, options: { readonly signal: AbortSignal }): Promise<SpawnedChild>;
}

/** How a server that speaks over its standard streams is started. */
export interface StdioTransportOptions {
  readonly spawner: SpawnPort;
  readonly spec: ChildSpec;
  readonly logger: Logger;
  readonly clock?: Clock;
  readonly maxMessageBytes?: number;
  /** Takes secrets out of what the child writes on stderr, before an error repeats it. */
  readonly cleanWords?: (line: string) => string;
}

/** How long a child may take to leave after its input ended, before it is told by signals. */
const politeMs = 500;
const longestLine = 2000;

/** Tells what a child says on stderr, in lines of bounded length. Resolves when it says no more. */
async function readLines(stderr: Readable, take: (line: string) => void): Promise<void> {
  let rest = "";
  const tell = (line: string): void => {
    if (line.trim() !== "") take(line.slice(0, longestLine));
  };
  stderr.setEncoding("utf8");
  stderr.on("data", (chunk: string) => {
    const lines = (rest + chunk).split("\n");
    rest = (lines.pop() ?? "").slice(0, longestLine);
    for (const line of lines) tell(line);
  });
  // However it ends, there is no more.
  await finished(stderr).catch(() => undefined);
  tell(rest);
}

/** Waits for something, though not for long. */
async function waitPolitely(something: Promise<unknown>, clock: Clock): Promise<void> {
  using patience = new DisposableStack();
  const late = new AbortController();
  patience.defer(() => late.abort());
  const politely = sleep(politeMs, { clock, signal: late.signal }).catch(() => undefined);
  await Promise.race([something, politely]);
}

async function endChild(child: SpawnedChild, clock: Clock): Promise<void> {
  child.stdin.end();
  await waitPolitely(child.exited, clock);
  await child.kill();
}

/** Starts a server and speaks with it over its standard streams, each time it is called. */
export function createStdioTransport(options: StdioTransportOptions): ConnectTransport {
  const { spawner, spec, logger, clock = systemClock, maxMessageBytes } = options;
  const { cleanWords = (line) => line } = options;
  return async ({ signal, onWords }: ConnectTransportOptions): Promise<ClientTransport> => {
    // The signal bounds the start: a child that was started lives until its connection ends.
    const life = new AbortController();
    const abort = (): void => life.abort(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
    signal.throwIfAborted();
    const child = await spawner.spawn(spec, { signal: life.signal });
    signal.removeEventListener("abort", abort);
    child.stdin.on("error", () => undefined);
    const silence = readLines(child.stderr, (line) => {
      logger.info("stderr", { line });
      onWords?.(cleanWords(toPlainLine(line)));
    });
    const inner = toClientTransport(
      createStreamTransport({
        input: child.stdout,
        output: child.stdin,
        gathers: true,
        ...(maxMessageBytes === undefined ? {} : { maxMessageBytes }),
      }),
      logger,
    );
    return {
      start: (receiver) => inner.start(receiver),
      send: (message, hints) => inner.send(message, hints),
      [Symbol.asyncDispose]: async () => {
        await inner[Symbol.asyncDispose]();
        await endChild(child, clock);
        // What it said before it left is on its way.
        await waitPolitely(silence, clock);
      },
    };
  };
}
