import { UpstreamMessageError } from "./upstream-error.ts";

/** One server-sent event. */
export interface ServerSentEvent {
  /** `message` unless told. */
  readonly name: string;
  readonly data: string;
  /** The last id that was told on this stream, so far. */
  readonly id: string | undefined;
  /** The time to wait before connecting again, where this stream told one. */
  readonly retryMs: number | undefined;
}

/** Splits text into server-sent events, however it is cut into chunks. */
export class SseReader {
  readonly #maxBytes: number;
  #rest = "";
  #name = "";
  #data: string[] = [];
  #size = 0;
  #id: string | undefined;
  #retryMs: number | undefined;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get lastId(): string | undefined {
    return this.#id;
  }

  get retryMs(): number | undefined {
    return this.#retryMs;
  }

  /** @yields each event that is complete */
  *push(chunk: string): Generator<ServerSentEvent> {
    const text = this.#rest + chunk;
    // A carriage return at the end may be the first half of a line's end.
    const held = text.endsWith("\r") ? 1 : 0;
    const lines = text.slice(0, text.length - held).split(/\r\n|\r|\n/u);
    this.#rest = (lines.pop() ?? "") + text.slice(text.length - held);
    this.#check(this.#rest.length);
    for (const line of lines) {
      if (line !== "") this.#field(line);
      else if (this.#data.length > 0) yield this.#end();
      else this.#name = "";
    }
  }

  #field(line: string): void {
    const colon = line.indexOf(":");
    const key = colon < 0 ? line : line.slice(0, colon);
    const raw = colon < 0 ? "" : line.slice(colon + 1);
    const value = raw.startsWith(" ") ? raw.slice(1) : raw;
    if (key === "data") {
      this.#data.push(value);
      this.#size += value.length;
      this.#check(0);
    } else if (key === "event") this.#name = value;
    else if (key === "id" && !value.includes("\0")) this.#id = value;
    else if (key === "retry" && /^\d+$/u.test(value)) this.#retryMs = Number(value);
  }

  #end(): ServerSentEvent {
    const event = {
      name: this.#name === "" ? "message" : this.#name,
      data: this.#data.join("\n"),
      id: this.#id,
      retryMs: this.#retryMs,
    };
    this.#name = "";
    this.#data = [];
    this.#size = 0;
    return event;
  }

  #check(more: number): void {
    if (this.#size + more > this.#maxBytes)
      throw new UpstreamMessageError(`a message may have at most ${this.#maxBytes} bytes`);
  }
}
