import type { Clock, JsonObject } from "op-core";
import type { UpstreamClient } from "op-protocol/client";
import { TokenBucket } from "op-tools";

type PassOn = (message: JsonObject) => void;

const defaultMessagesPerSecond = 200;
/** So many seconds' worth may come at once. */
const burstSeconds = 5;
/** After too many came, nothing passes for so long, so that what is left out is not told more often. */
const closedMs = 1000;

/** Passes on the log messages of one connection, but no flood of them: what is left out is counted, and told. */
export class LogGate {
  readonly #bucket: TokenBucket;
  readonly #clock: Clock;
  #closedUntilMs = -Infinity;
  #leftOut = 0;
  /** Where the last one that was left out would have gone. */
  #last: { readonly message: JsonObject; readonly passOn: PassOn } | undefined;

  constructor(clock: Clock, messagesPerSecond = defaultMessagesPerSecond) {
    const rate = { callsPerSecond: messagesPerSecond, burst: messagesPerSecond * burstSeconds };
    this.#bucket = new TokenBucket(rate, clock.monotonic());
    this.#clock = clock;
  }

  pass(message: JsonObject, passOn: PassOn): void {
    const nowMs = this.#clock.monotonic();
    if (nowMs >= this.#closedUntilMs && this.#bucket.waitMs(nowMs) > 0)
      this.#closedUntilMs = nowMs + closedMs;
    if (nowMs < this.#closedUntilMs) {
      this.#leftOut += 1;
      this.#last = { message, passOn };
      return;
    }
    this.tell();
    this.#bucket.take();
    passOn(message);
  }

  /** Tells how many were left out since it was last told, where any were, in the place of the last of them. */
  tell(): void {
    if (this.#last === undefined) return;
    const { message, passOn } = this.#last;
    const { level = null, logger = null } = message;
    const data = `Log messages left out: ${this.#leftOut}`;
    this.#leftOut = 0;
    this.#last = undefined;
    passOn({ level, logger, data });
  }
}

/** The gates of an upstream's connections. */
export class LogGates {
  readonly #gates = new WeakMap<UpstreamClient, LogGate>();
  readonly #clock: Clock;
  readonly #messagesPerSecond: number | undefined;

  constructor(clock: Clock, messagesPerSecond: number | undefined) {
    this.#clock = clock;
    this.#messagesPerSecond = messagesPerSecond;
  }

  of(client: UpstreamClient): LogGate {
    const known = this.#gates.get(client);
    if (known !== undefined) return known;
    const gate = new LogGate(this.#clock, this.#messagesPerSecond);
    this.#gates.set(client, gate);
    return gate;
  }

  /** Tells what the gate of a connection left out, where it left out anything. */
  tell(client: UpstreamClient): void {
    this.#gates.get(client)?.tell();
  }
}
