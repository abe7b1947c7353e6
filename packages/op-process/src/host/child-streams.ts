import type { Socket } from "node:net";
import { Readable, Transform, Writable } from "node:stream";
import type { StdioMode, Stdio } from "../spec/spawn-spec.ts";
import { streamNames, type StreamName } from "../spawner/spawner-message.ts";
import type { ExpectedStream, StreamServer } from "./open-stream-server.ts";

/** The host's ends of a child's standard streams. */
export interface ChildStreams {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
}

/** Streams that a child is about to have. */
export interface ExpectedStreams extends Disposable {
  readonly tokens: Readonly<Partial<Record<StreamName, string>>>;
  /** Resolves when the child has them all. */
  connect(): Promise<ChildStreams>;
}

/** What happens to the output on its way. */
export interface OutputLimit {
  readonly outputBytes: number | undefined;
  /** Called once, when more came. */
  readonly onExceeded: () => void;
}

/** Expects those streams of a child that are pipes. */
export function expectStreams(
  server: StreamServer,
  stdio: Stdio,
  limit: OutputLimit,
): ExpectedStreams {
  const modes: Record<StreamName, StdioMode> = {
    stdin: "pipe",
    stdout: "pipe",
    stderr: "pipe",
    ...stdio,
  };
  const expected = new Map<StreamName, ExpectedStream>(
    streamNames
      .filter((name) => modes[name] === "pipe")
      .map((name) => [name, server.expect()] as const),
  );
  const passOn = createOutputGate(limit);
  const socketOf = async (name: StreamName) => await expected.get(name)?.connected;
  let isClaimed = false;
  return {
    tokens: Object.fromEntries([...expected].map(([name, { token }]) => [name, token])),
    connect: async () => {
      isClaimed = true;
      const [stdin, stdout, stderr] = await Promise.all(streamNames.map(socketOf));
      return {
        stdin: toStdin(stdin),
        stdout: passOn(toOutput(stdout)),
        stderr: passOn(toOutput(stderr)),
      };
    },
    [Symbol.dispose]: () => {
      for (const { connected, ...stream } of expected.values()) {
        stream[Symbol.dispose]();
        if (!isClaimed) void connected.then((socket) => socket.destroy());
      }
    },
  };
}

function toStdin(socket: Socket | undefined): Writable {
  // Nothing comes back: reading only notices that nobody is there to write to any more.
  if (socket !== undefined) return socket.on("end", () => socket.destroy()).resume();
  return new Writable({ write: (_chunk, _encoding, done) => done() }).end();
}

function toOutput(socket: Socket | undefined): Readable {
  if (socket === undefined) return Readable.from([]);
  socket.end();
  return socket;
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
