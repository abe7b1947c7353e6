import type { RequestId, RpcMessage } from "../json-rpc/json-rpc-message.ts";
import { defaultMaxMessageBytes } from "../transports/stream-transport.ts";
import type { ClientReceiver, ClientTransport, ConnectTransport } from "./client-transport.ts";
import { parseJson, readText, sendTo, type HttpAddress } from "./http-exchange.ts";
import { SseReader, type ServerSentEvent } from "./sse-reader.ts";
import { UpstreamClosedError, UpstreamHttpError, UpstreamMessageError } from "./upstream-error.ts";

/** Where messages are posted. Another origin would get what is secret in the headers. */
function parseEndpoint(data: string, base: URL): URL {
  const endpoint = new URL(data, base);
  if (endpoint.origin !== base.origin)
    throw new UpstreamMessageError(`it wants messages sent to another origin, ${endpoint.origin}`);
  return endpoint;
}

class LegacySseTransport implements ClientTransport {
  readonly #address: HttpAddress;
  readonly #life: AbortController;
  readonly #events: AsyncGenerator<ServerSentEvent>;
  #receiver: ClientReceiver | undefined;
  #isClosed = false;

  constructor(
    address: HttpAddress,
    life: AbortController,
    events: AsyncGenerator<ServerSentEvent>,
  ) {
    this.#address = address;
    this.#life = life;
    this.#events = events;
  }

  start(receiver: ClientReceiver): void {
    this.#receiver = receiver;
    void this.#read();
  }

  send(message: RpcMessage): void {
    if (!this.#isClosed) void this.#post(message);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    this.#life.abort();
    await this.#events.return(undefined).catch(() => undefined);
  }

  async #read(): Promise<void> {
    let reason: Error = new UpstreamClosedError("it ended its event stream");
    try {
      for await (const { name, data } of this.#events) {
        if (name === "message" && !this.#isClosed) this.#receiver?.message(parseJson(data));
      }
    } catch (error) {
      if (error instanceof Error) reason = error;
    }
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#receiver?.closed(reason);
  }

  async #post(message: RpcMessage): Promise<void> {
    const id: RequestId | undefined =
      "method" in message && "id" in message ? message.id : undefined;
    try {
      const response = await sendTo(this.#address, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(message),
        signal: this.#life.signal,
      });
      await response.body?.cancel();
      if (!response.ok) throw new UpstreamHttpError(response.status);
    } catch (error) {
      if (id === undefined || this.#isClosed) return;
      this.#receiver?.failed(
        id,
        error instanceof UpstreamHttpError ? error : new UpstreamClosedError(String(error), error),
      );
    }
  }
}

async function* readEvents(response: Response, maxBytes: number): AsyncGenerator<ServerSentEvent> {
  const reader = new SseReader(maxBytes);
  for await (const chunk of readText(response)) yield* reader.push(chunk);
}

/** Speaks with a server over HTTP+SSE, as of 2024-11-05. */
export function createLegacySseTransport(address: HttpAddress): ConnectTransport {
  return async ({ signal }) => {
    const life = new AbortController();
    const abort = (): void => life.abort(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
    try {
      signal.throwIfAborted();
      const response = await sendTo(address, {
        method: "GET",
        headers: { accept: "text/event-stream" },
        signal: life.signal,
      });
      if (!response.ok)
        throw new UpstreamHttpError(
          response.status,
          response.headers.get("www-authenticate") ?? undefined,
        );
      const events = readEvents(response, address.maxMessageBytes ?? defaultMaxMessageBytes);
      const first = await events.next();
      if (first.done === true || first.value.name !== "endpoint")
        throw new UpstreamMessageError("its event stream does not begin with an endpoint");
      const url = parseEndpoint(first.value.data, address.url);
      return new LegacySseTransport({ ...address, url }, life, events);
    } catch (error) {
      life.abort();
      throw error;
    } finally {
      signal.removeEventListener("abort", abort);
    }
  };
}
