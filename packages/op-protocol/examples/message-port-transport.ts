/** A transport of your own: MCP between threads, over a `MessagePort`. */
import type { MessagePort } from "node:worker_threads";
import type { RpcMessage, Transport, TransportReceiver } from "op-protocol";

class MessagePortTransport implements Transport {
  readonly kind = "message-port";
  readonly #port: MessagePort;

  constructor(port: MessagePort) {
    this.#port = port;
  }

  start(receiver: TransportReceiver): void {
    // Whatever comes is handed on as it is: the server checks it.
    this.#port.on("message", (value: unknown) => receiver.message(value));
    this.#port.on("messageerror", ({ message: detail }) =>
      receiver.malformed({ kind: "not-json", detail }),
    );
    this.#port.once("close", () => receiver.closed());
  }

  send(message: RpcMessage): void {
    // A copy through JSON, because a port would also carry what JSON does not.
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- between threads there is no origin
    this.#port.postMessage(JSON.parse(JSON.stringify(message)));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#port.once("close", () => resolve()));
    this.#port.close();
    await closed;
  }
}

/** Carries messages over one end of a `MessageChannel`; the other end may be in another thread. */
export function createMessagePortTransport(port: MessagePort): Transport {
  return new MessagePortTransport(port);
}
