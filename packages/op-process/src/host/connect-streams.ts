import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { Readable, Transform, Writable } from "node:stream";
import { readSocket } from "op-core/streams";
import type { StdioMode, Stdio } from "../spec/spawn-spec.ts";
import { streamNames, type StreamName } from "../spawner/spawner-message.ts";

/** The host's ends of a child's standard streams. */
export interface ChildStreams {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
}

/** Streams that a child is about to have. Disposing closes them unless they were released. */
export interface PlannedStreams extends Disposable {
  readonly tokens: Readonly<Partial<Record<StreamName, string>>>;
  /** Connects them to the spawner, which gives their other ends to the child. */
  connect(path: string): Promise<ChildStreams>;
  /** They belong to the child's owner from now on. */
  release(): void;
}

/** What happens to the output on its way. */
export interface OutputLimit {
  readonly outputBytes: number | undefined;
  /** Called once, when more came. */
  readonly onExceeded: () => void;
}

/** Plans those streams of a child that are pipes. */
export function planStreams(stdio: Stdio, limit: OutputLimit): PlannedStreams {
  const modes: Record<StreamName, StdioMode> = {
    stdin: "pipe",
    stdout: "pipe",
    stderr: "pipe",
    ...stdio,
  };
  const tokens: Partial<Record<StreamName, string>> = Object.fromEntries(
    streamNames.filter((name) => modes[name] === "pipe").map((name) => [name, randomUUID()]),
  );
  const opened = new DisposableStack();
  return {
    tokens,
    connect: async (path) => {
      const dial = <S extends Readable>(
        name: StreamName,
        open: Dial<S>,
      ): Dialled<S> | undefined => {
        const token = tokens[name];
        if (token === undefined) return undefined;
        const dialled = open(path, token);
        opened.defer(() => void dialled.stream.destroy());
        return dialled;
      };
      const stdin = dial("stdin", dialInput);
      const stdout = dial("stdout", dialOutput);
      const stderr = dial("stderr", dialOutput);
      await Promise.all([stdin, stdout, stderr].map(async (one) => await one?.connected));
      const passOn = createOutputGate(limit);
      return {
        stdin: stdin?.stream ?? new Writable({ write: (_chunk, _encoding, done) => done() }).end(),
        stdout: passOn(stdout?.stream ?? Readable.from([])),
        stderr: passOn(stderr?.stream ?? Readable.from([])),
      };
    },
    release: () => void opened.move(),
    [Symbol.dispose]: () => opened.dispose(),
  };
}

/** A stream that is being connected. A connection that breaks later ends it, and that is all there is to say. */
interface Dialled<S extends Readable> {
  readonly stream: S;
  readonly connected: Promise<unknown>;
}

type Dial<S extends Readable> = (path: string, token: string) => Dialled<S>;

function dialInput(path: string, token: string): Dialled<Socket> {
  const socket = connect({ path });
  const connected = once(socket, "connect");
  socket.on("error", () => undefined).write(token);
  // Nothing comes back: reading only notices that nobody is there to write to any more.
  return { stream: socket.on("end", () => socket.destroy()).resume(), connected };
}

function dialOutput(path: string, token: string): Dialled<Readable> {
  const { promise: connected, resolve, reject } = Promise.withResolvers<void>();
  const stream = readSocket((onread) =>
    connect({ path, onread }).once("connect", resolve).once("error", reject).end(token),
  );
  return { stream: stream.on("error", () => undefined), connected };
}

/** Lets through as many bytes as the limit allows, over all streams together. */
function createOutputGate({
  outputBytes,
  onExceeded,
}: OutputLimit): (stream: Readable) => Readable {
  if (outputBytes === undefined) return (stream) => stream;
  let left = outputBytes;
  let isExceeded = false;
  return (stream) => {
    const gate = new Transform({
      transform: (chunk: Buffer, _encoding, done) => {
        const passed = chunk.subarray(0, left);
        left -= passed.length;
        if (passed.length < chunk.length && !isExceeded) {
          isExceeded = true;
          onExceeded();
        }
        done(null, passed);
      },
    });
    stream.on("close", () => gate.end());
    return stream.pipe(gate);
  };
}
