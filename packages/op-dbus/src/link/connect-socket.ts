import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { connect, type NetConnectOpts, type Socket } from "node:net";
import type { BusAddress, CommandAddress, TcpAddress } from "./bus-address.ts";
import type { ByteChannel, ByteReceiver } from "./byte-channel.ts";
import { whenDrained } from "./when-drained.ts";

const readBytes = 64 * 1024;

/** What bounds an attempt to connect. */
export interface ConnectSocketOptions {
  readonly signal: AbortSignal;
}

/** Connects to one address; rejects with Node's own error, or with the signal's reason. */
export async function connectSocket(
  address: Exclude<BusAddress, CommandAddress>,
  { signal }: ConnectSocketOptions,
): Promise<ByteChannel> {
  signal.throwIfAborted();
  if (address.transport === "unsupported") throw new Error(address.problem);
  const nonce = address.transport === "tcp" ? await readNonce(address, signal) : undefined;
  const channel = new SocketChannel(toConnectOptions(address));
  await channel.opened(signal);
  if (nonce !== undefined) channel.write(nonce);
  return channel;
}

async function readNonce(address: TcpAddress, signal: AbortSignal): Promise<Buffer | undefined> {
  if (address.nonceFile === undefined) return undefined;
  return await readFile(address.nonceFile, { signal });
}

function toConnectOptions(
  address: Extract<BusAddress, { readonly transport: "unix" | "tcp" }>,
): NetConnectOpts {
  if (address.transport === "unix") return { path: address.path };
  const { host, port, family } = address;
  return { host, port, noDelay: true, ...(family === undefined ? {} : { family }) };
}

class SocketChannel implements ByteChannel {
  readonly #socket: Socket;
  #receiver: ByteReceiver | undefined;
  #error: Error | undefined;
  #isClosed = false;

  constructor(options: NetConnectOpts) {
    // One buffer for all reads: messages are read out of it in place, so nothing is allocated for a chunk.
    const buffer = Buffer.allocUnsafeSlow(readBytes);
    let chunk = buffer;
    const callback = (bytes: number): boolean => {
      // Answers to the same question are of the same length, and making a view costs more than looking.
      if (chunk.length !== bytes) chunk = buffer.subarray(0, bytes);
      this.#receiver?.bytes(chunk);
      return true;
    };
    this.#socket = connect({ ...options, onread: { buffer, callback } });
    this.#socket.on("error", (error) => {
      this.#error = error;
    });
    this.#socket.once("close", () => {
      this.#isClosed = true;
      this.#receiver?.closed(this.#error);
    });
    this.#socket.once("end", () => this.#socket.destroy());
  }

  get unsentBytes(): number {
    return this.#socket.writableLength;
  }

  async opened(signal: AbortSignal): Promise<void> {
    try {
      await once(this.#socket, "connect", { signal });
    } catch (error) {
      this.#socket.destroy();
      signal.throwIfAborted();
      throw error;
    }
  }

  setReceiver(receiver: ByteReceiver): void {
    this.#receiver = receiver;
    if (this.#isClosed) queueMicrotask(() => receiver.closed(this.#error));
  }

  write(bytes: Buffer): void {
    if (!this.#socket.destroyed) this.#socket.write(bytes);
  }

  async whenDrained(): Promise<void> {
    await whenDrained(this.#socket);
  }

  destroy(error?: Error): void {
    this.#error ??= error;
    this.#socket.destroy();
  }

  [Symbol.dispose](): void {
    this.#socket.destroySoon();
  }
}
