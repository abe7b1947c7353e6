import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { removeAbandonedFolders } from "../processes/abandoned-folders.ts";

/** Takes the streams of children over a socket that nobody else can reach. */
export interface StreamServer extends AsyncDisposable {
  readonly path: string;
  /** Waits for the stream of a new token; disposing gives it up. */
  expect(): ExpectedStream;
}

/** A stream that is to come. */
export interface ExpectedStream extends Disposable {
  readonly token: string;
  readonly connected: Promise<Socket>;
}

const prefix = "op-process-";
const tokenLength = randomUUID().length;

/** Opens a server in a private folder. */
export async function openStreamServer(): Promise<StreamServer> {
  const sockets = new Set<Socket>();
  const expected = new Map<string, (socket: Socket) => void>();
  await removeAbandonedFolders(prefix);
  const folder = await mkdtemp(join(tmpdir(), `${prefix}${process.pid}-`));
  const path = join(folder, "streams");
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    // A connection that breaks ends its stream, and that is all there is to say.
    socket.on("error", () => undefined);
    const introduce = () => {
      const token: unknown = socket.read(tokenLength);
      if (token === null) {
        socket.once("readable", introduce);
      } else {
        const take = expected.get(token instanceof Buffer ? token.toString("utf8") : "");
        if (take === undefined) socket.destroy();
        else take(socket);
      }
    };
    introduce();
  });
  server.listen(path);
  await once(server, "listening");
  return {
    path,
    expect: () => {
      const token = randomUUID();
      const { promise, resolve } = Promise.withResolvers<Socket>();
      expected.set(token, resolve);
      return {
        token,
        connected: promise,
        [Symbol.dispose]: () => {
          expected.delete(token);
        },
      };
    },
    [Symbol.asyncDispose]: async () => {
      const closed = once(server, "close");
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
