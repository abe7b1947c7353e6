import { systemClock, type Clock, type JsonObject, type Timer } from "op-core";
import type { RpcErrorBody, RpcMessage } from "../json-rpc/json-rpc-message.ts";
import type { Malformed, Transport, TransportReceiver } from "../transports/transport.ts";

/** What the far end does when a message of some method arrives. */
export type Reaction =
  | { readonly kind: "answer"; readonly result: JsonObject; readonly afterMs?: number }
  | { readonly kind: "refuse"; readonly error: RpcErrorBody; readonly afterMs?: number }
  /** Any value, also one that is no message. */
  | { readonly kind: "say"; readonly value: unknown; readonly afterMs?: number }
  | { readonly kind: "garble"; readonly problem: Malformed; readonly afterMs?: number }
  | { readonly kind: "hang-up"; readonly reason?: Error; readonly afterMs?: number }
  | { readonly kind: "ignore" };

/** Reactions by method; those of one method are used up in order, and the last one stays. */
export type Script = Readonly<Record<string, Reaction | readonly Reaction[]>>;

/** A transport whose far end follows a script. */
export interface ScriptedTransport extends Transport {
  /** Everything that was sent, in order. */
  readonly sent: readonly RpcMessage[];
  /** Lets the far end say something unasked. */
  say(value: unknown): void;
  /** Lets the far end leave. */
  hangUp(reason?: Error): void;
}

class Scripted implements ScriptedTransport {
  readonly sent: RpcMessage[] = [];
  readonly #queues: Map<string, Reaction[]>;
  readonly #clock: Clock;
  readonly #timers = new Set<Timer>();
  readonly kind = "scripted";
  #receiver: TransportReceiver | undefined;
  #isClosed = false;

  constructor(script: Script, clock: Clock) {
    this.#clock = clock;
    this.#queues = new Map(
      Object.entries(script).map(([method, reactions]) => [method, [reactions].flat()]),
    );
  }

  start(receiver: TransportReceiver): void {
    this.#receiver = receiver;
  }

  send(message: RpcMessage): void {
    if (this.#isClosed) return;
    this.sent.push(message);
    if (!("method" in message)) return;
    const queue = this.#queues.get(message.method) ?? [];
    const reaction = queue.length > 1 ? queue.shift() : queue[0];
    if (reaction === undefined || reaction.kind === "ignore") return;
    const id = "id" in message ? message.id : undefined;
    this.#later(reaction.afterMs ?? 0, () => this.#react(reaction, id));
  }

  say(value: unknown): void {
    if (!this.#isClosed) this.#receiver?.message(value);
  }

  hangUp(reason?: Error): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const timer of this.#timers) timer[Symbol.dispose]();
    this.#receiver?.closed(reason);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.hangUp();
    await Promise.resolve();
  }

  #react(
    reaction: Exclude<Reaction, { readonly kind: "ignore" }>,
    id: string | number | undefined,
  ): void {
    if (this.#isClosed) return;
    switch (reaction.kind) {
      case "answer":
        this.#receiver?.message({ jsonrpc: "2.0", id, result: reaction.result });
        return;
      case "refuse":
        this.#receiver?.message({ jsonrpc: "2.0", id, error: reaction.error });
        return;
      case "say":
        this.#receiver?.message(reaction.value);
        return;
      case "garble":
        this.#receiver?.malformed(reaction.problem);
        return;
      case "hang-up":
        this.hangUp(reaction.reason);
    }
  }

  #later(delayMs: number, act: () => void): void {
    const timer = this.#clock.startTimer(delayMs, () => {
      this.#timers.delete(timer);
      act();
    });
    this.#timers.add(timer);
  }
}

/** A transport for tests without a process: the far end answers, waits, talks nonsense or leaves as the script says. */
export function createScriptedTransport(
  script: Script,
  clock: Clock = systemClock,
): ScriptedTransport {
  return new Scripted(script, clock);
}
