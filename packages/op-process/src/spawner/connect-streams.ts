import { once } from "node:events";
import { Socket } from "node:net";
import { streamNames, type StartOrder } from "./spawner-message.ts";

/** A child's ends of its standard streams; disposing closes this process' copies. */
export interface ConnectedStreams extends Disposable {
  readonly stdio: readonly (Socket | "ignore")[];
}

/** Connects each piped stream to the host, introduced by its token. */
export async function connectStreams(
  socket: string,
  { tokens }: StartOrder,
): Promise<ConnectedStreams> {
  using opened = new DisposableStack();
  const stdio = await Promise.all(
    streamNames.map(async (name) => {
      const token = tokens[name];
      if (token === undefined) return "ignore";
      return opened.adopt(await connectStream(socket, token), (stream) => void stream.destroy());
    }),
  );
  const kept = opened.move();
  return { stdio, [Symbol.dispose]: () => kept.dispose() };
}

async function connectStream(path: string, token: string): Promise<Socket> {
  const socket = new Socket({ allowHalfOpen: true });
  // Not a byte may be read here: what comes is the child's.
  socket.pause();
  socket.connect(path);
  await once(socket, "connect");
  // A host that is gone closes the channel too, and that ends everything.
  socket.on("error", () => undefined);
  await new Promise<void>((resolve) => {
    socket.write(token, () => resolve());
  });
  return socket;
}
