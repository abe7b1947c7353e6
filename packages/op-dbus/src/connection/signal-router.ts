import type { Logger } from "op-core";
import type { Message } from "../wire/message.ts";
import type { EventStream, Signal, SignalRule, SubscribeOptions } from "./bus-connection.ts";
import { EventBuffer } from "./event-buffer.ts";
import { checkSignalRule, matchesRule } from "./match-rule.ts";
import { MatchTable, type MatchRuleSink } from "./match-table.ts";
import { NameOwners, type AskOwner } from "./name-owners.ts";

/** How many signals wait for a reader unless it says otherwise. */
const defaultSignalBuffer = 1024;

/** How the router speaks with the bus. */
export interface SignalBus extends MatchRuleSink {
  readonly ask: AskOwner;
}

interface Subscription {
  readonly rule: SignalRule;
  readonly buffer: EventBuffer<Signal>;
}

/** Gives signals to whoever asked for them, and to nobody else. */
export class SignalRouter {
  readonly #matches: MatchTable;
  readonly #owners: NameOwners;
  readonly #subscriptions = new Set<Subscription>();

  constructor(bus: SignalBus, logger: Logger) {
    this.#matches = new MatchTable(bus, logger);
    this.#owners = new NameOwners(this.#matches, bus.ask);
  }

  /** How many different rules the bus has from this connection. */
  get ruleCount(): number {
    return this.#matches.size;
  }

  /** Resolves with the signals of a rule once the bus sends them. */
  async subscribe(rule: SignalRule, options: SubscribeOptions): Promise<EventStream<Signal>> {
    const { signal, bufferSize = defaultSignalBuffer } = options;
    checkSignalRule(rule);
    signal?.throwIfAborted();
    using held = new DisposableStack();
    if (rule.sender !== undefined) held.use(await this.#owners.track(rule.sender));
    held.use(await this.#matches.acquire(rule));
    signal?.throwIfAborted();
    const kept = held.move();
    const buffer = new EventBuffer<Signal>({
      size: bufferSize,
      signal,
      onEnd: () => {
        this.#subscriptions.delete(subscription);
        kept.dispose();
      },
    });
    const subscription: Subscription = { rule, buffer };
    this.#subscriptions.add(subscription);
    return buffer;
  }

  /** Gives a signal to everybody who asked for it. */
  dispatch(message: Message): void {
    const signal = toSignal(message);
    this.#owners.observe(signal);
    for (const { rule, buffer } of this.#subscriptions) {
      if (!matchesRule(rule, signal)) continue;
      if (rule.sender === undefined || this.#owners.isFrom(rule.sender, signal.sender)) {
        buffer.push(signal);
      }
    }
  }

  /** Takes nobody's signals for anybody's until the owners are known again. */
  suspend(): void {
    this.#owners.forget();
  }

  /** Makes a bus that knows nothing of this connection send its signals again. */
  async restore(bus: SignalBus): Promise<void> {
    await this.#matches.restore(bus);
    await this.#owners.restore(bus.ask);
  }

  /** Ends every stream. */
  end(): void {
    for (const { buffer } of this.#subscriptions) buffer.end();
  }
}

/** Messages of this type were checked to have these fields. */
function toSignal(message: Message): Signal {
  const { sender, path = "/", interface: interfaceName = "", member = "" } = message;
  const { signature, body } = message;
  return { sender, path, interface: interfaceName, member, signature, body };
}
