import { once } from "node:events";
import { rmSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { abortable, type Clock } from "op-core";
import { tokenLength } from "./spawner-message.ts";

/** Takes the streams of children from the host. */
export interface StreamServer {
  /** Resolves with the stream that is introduced by a token, whether it came already or is to come. */
  take(token: string, signal: AbortSignal): Promise<Socket>;
}

/** How long a stream may be there whose child was not ordered; the order is sent before. */
const patienceMs = 5000;
/** As many as a kernel lets wait unless told otherwise: a host may order many children at once. */
const backlog = 4096;

/** Opens a server at a path that only the host can reach. */
export async function openStreamServer(path: string, clock: Clock): Promise<StreamServer> {
  const early = new Map<string, Socket>();
  const waiting = new Map<string, (socket: Socket) => void>();
  const introduce = (socket: Socket, token: string): void => {
    const take = waiting.get(token);
    if (take !== undefined) return take(socket);
    early.set(token, socket);
    const timer = clock.startTimer(patienceMs, () => {
      if (early.delete(token)) socket.destroy();
    });
    socket.once("close", () => {
      timer[Symbol.dispose]();
      early.delete(token);
    });
  };
  // Of a spawner that was killed.
  rmSync(path, { force: true });
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    // A connection that breaks ends its stream, and that is all there is to say.
    socket.on("error", () => undefined);
    // Who ends without a word is waited for no longer.
    const leave = (): void => void socket.destroy();
    socket.once("end", leave);
    readToken(socket, (token) => {
      socket.off("end", leave);
      introduce(socket, token);
    });
  });
  server.listen({ path, backlog });
  await once(server, "listening");
  return {
    take: async (token, signal) => {
      const socket = early.get(token);
      early.delete(token);
      if (socket !== undefined) return socket;
      const { promise, resolve } = Promise.withResolvers<Socket>();
      waiting.set(token, resolve);
      using _forget = { [Symbol.dispose]: () => waiting.delete(token) };
      return await abortable(promise, signal);
    },
  };
}

/** Nothing but the token may be read here: what comes after it is the child's, and the host waits with it. */
function readToken(socket: Socket, introduce: (token: string) => void): void {
  const token: unknown = socket.read(tokenLength);
  if (token instanceof Buffer) introduce(token.toString("utf8"));
  else if (!socket.readableEnded) socket.once("readable", () => readToken(socket, introduce));
}
