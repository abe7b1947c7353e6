import { connect, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { abortable } from "op-core";

/** Where a stream goes. */
export type StreamAddress =
  | { readonly path: string }
  | { readonly host: string; readonly port: number; readonly isEncrypted?: boolean };

/** A stream to a destination that is opened when it is needed, and again after it broke. */
export interface StreamConnection extends AsyncDisposable {
  /** Resolves when the operating system has taken the bytes. */
  write(bytes: Uint8Array | string, signal?: AbortSignal): Promise<void>;
}

/** Makes a connection; `greeting` is sent first each time it is opened. */
export function createStreamConnection(address: StreamAddress, greeting = ""): StreamConnection {
  let socket: Socket | undefined;

  const opened = async (): Promise<Socket> => {
    if (socket?.writable === true) return socket;
    const opening = open(address);
    const ready = Promise.withResolvers<void>();
    opening.once("error", ready.reject);
    opening.once(isEncrypted(address) ? "secureConnect" : "connect", () => ready.resolve());
    await ready.promise;
    // A later failure shows at the next write; without a listener it would end the process.
    opening.on("error", () => opening.destroy());
    opening.unref();
    opening.resume();
    if (greeting !== "") await send(opening, greeting);
    socket = opening;
    return opening;
  };

  return {
    write: async (bytes, signal) => {
      const work = opened().then(async (stream) => await send(stream, bytes));
      await (signal === undefined ? work : abortable(work, signal));
    },
    [Symbol.asyncDispose]: async () => {
      const ending = socket;
      socket = undefined;
      if (ending === undefined || ending.destroyed) return;
      const closed = Promise.withResolvers<void>();
      ending.end(closed.resolve);
      await closed.promise;
      ending.destroy();
    },
  };
}

function isEncrypted(address: StreamAddress): boolean {
  return "host" in address && (address.isEncrypted ?? false);
}

function open(address: StreamAddress): Socket {
  if ("path" in address) return connect(address.path);
  const { host, port } = address;
  return isEncrypted(address) ? connectTls({ host, port }) : connect({ host, port });
}

function send(socket: Socket, bytes: Uint8Array | string): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.write(bytes, (error) => {
      if (error === undefined || error === null) resolve();
      else reject(error);
    });
  });
}
