import type { ServerResponse } from "node:http";
import type { Clock, Timer } from "op-core";
import type { RequestId, RpcMessage } from "../json-rpc/json-rpc-message.ts";
import type { EventStream } from "./event-stream.ts";
import type { Accepted } from "./content-negotiation.ts";
import { sendRefusal, type Refusal } from "./refusal.ts";
import { sendAccepted } from "./send-accepted.ts";
import { sendResult } from "./send-result.ts";
import { SseWriter, type SseRules } from "./sse-writer.ts";

/** What takes the messages that belong to a request of the client. */
export interface Reply {
  /** Takes a message; whether it can reach the client this way. */
  send(message: RpcMessage): boolean;
  /** Says that a request will have no answer. */
  forgo(id: RequestId): void;
}

/** What an answer to a POST of the handshake era is made of. */
export interface PostReplyOptions {
  readonly res: ServerResponse;
  readonly accepted: Accepted;
  readonly ids: readonly RequestId[];
  readonly isBatch: boolean;
  readonly clock: Clock;
  readonly sse: SseRules;
  /** An answer that takes longer becomes a stream, which is kept alive and can be resumed. */
  readonly streamAfterMs: number;
  readonly createStream: () => EventStream;
  /** Called once, with the stream the answer became, if it did. */
  readonly onDone: (stream: EventStream | undefined) => void;
}

/**
 * Answers the requests of one POST: as JSON when nothing but the answers has to be told and the client likes JSON no
 * less, and as a stream otherwise. A client that leaves cancels nothing; what it misses waits where it can be resumed.
 */
export class PostReply implements Reply {
  readonly #options: PostReplyOptions;
  readonly #open: Set<RequestId>;
  /** As JSON. */
  readonly #answers: string[] = [];
  readonly #patience: Timer | undefined;
  #stream: EventStream | undefined;
  #refusal: Refusal | undefined;

  constructor(options: PostReplyOptions) {
    const { accepted, ids, clock, streamAfterMs } = options;
    this.#options = options;
    this.#open = new Set(ids);
    if (!accepted.json) this.#startStream();
    else if (accepted.events) {
      this.#patience = clock.startTimer(streamAfterMs, () => this.#startStream());
      this.#patience.unref();
    }
  }

  send(message: RpcMessage): boolean {
    // What JSON cannot carry throws here, before it counts as sent.
    const text = JSON.stringify(message);
    if ("method" in message) {
      if (!this.#canStream()) return false;
      this.#startStream().send(text);
      return true;
    }
    if (message.id !== undefined) this.#open.delete(message.id);
    if (this.#stream === undefined) this.#answers.push(text);
    else this.#stream.send(text);
    this.#finishWhenDone();
    return true;
  }

  /** Turns the whole POST away, where nothing else was asked by it and no answer has begun; whether that is so. */
  refuse(refusal: Refusal | undefined): boolean {
    if (this.#options.isBatch || this.#stream !== undefined) return false;
    this.#refusal = refusal;
    return refusal !== undefined;
  }

  forgo(id: RequestId): void {
    this.#open.delete(id);
    this.#finishWhenDone();
  }

  #canStream(): boolean {
    const { accepted, res } = this.#options;
    return this.#stream !== undefined || (accepted.events && !res.destroyed);
  }

  #startStream(): EventStream {
    if (this.#stream !== undefined) return this.#stream;
    const { createStream, res, sse } = this.#options;
    const stream = createStream();
    this.#stream = stream;
    if (!res.destroyed) stream.open(new SseWriter(res, sse));
    for (const answer of this.#answers.splice(0)) stream.send(answer);
    return stream;
  }

  #finishWhenDone(): void {
    if (this.#open.size > 0) return;
    this.#patience?.[Symbol.dispose]();
    if (this.#stream === undefined && this.#endsAsStream()) this.#startStream();
    if (this.#stream === undefined) void this.#finishJson();
    else {
      this.#stream.end();
      this.#options.onDone(this.#stream);
    }
  }

  #endsAsStream(): boolean {
    const { accepted, res } = this.#options;
    if (!accepted.events || res.destroyed || this.#refusal !== undefined) return false;
    // Where every request was cancelled, a stream may end without answers; a JSON body could not.
    return accepted.prefersEvents || this.#answers.length === 0;
  }

  async #finishJson(): Promise<void> {
    const { res, ids, isBatch, onDone } = this.#options;
    const [only] = this.#answers;
    const [id] = ids;
    try {
      if (this.#refusal !== undefined)
        sendRefusal(res, id === undefined ? this.#refusal : { ...this.#refusal, id });
      else if (only === undefined) sendAccepted(res);
      else await sendResult(res, 200, isBatch ? `[${this.#answers.join(",")}]` : only);
    } catch {
      // The client must see that no answer comes.
      res.destroy();
    } finally {
      onDone(undefined);
    }
  }
}
