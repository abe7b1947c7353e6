import type { Logger } from "op-core";
import type { SignalRule } from "./bus-connection.ts";
import { formatMatchRule } from "./match-rule.ts";

/** Adds rules to and removes them from the bus. */
export interface MatchRuleSink {
  add(rule: string): Promise<void>;
  remove(rule: string): Promise<void>;
}

interface Entry {
  uses: number;
  added: Promise<void>;
}

/** The match rules this connection has on the bus. A rule that is used more than once is there once. */
export class MatchTable {
  readonly #sink: MatchRuleSink;
  readonly #logger: Logger;
  readonly #entries = new Map<string, Entry>();

  constructor(sink: MatchRuleSink, logger: Logger) {
    this.#sink = sink;
    this.#logger = logger;
  }

  /** How many different rules there are. */
  get size(): number {
    return this.#entries.size;
  }

  /** Resolves when the bus has the rule; disposing lets go of it. */
  async acquire(rule: SignalRule): Promise<Disposable> {
    const text = formatMatchRule(rule);
    const known = this.#entries.get(text);
    const entry = known ?? { uses: 0, added: this.#sink.add(text) };
    entry.uses += 1;
    this.#entries.set(text, entry);
    try {
      await entry.added;
    } catch (error) {
      if (this.#entries.get(text) === entry) this.#entries.delete(text);
      throw error;
    }
    let isHeld = true;
    return {
      [Symbol.dispose]: () => {
        if (isHeld) this.#release(text, entry);
        isHeld = false;
      },
    };
  }

  /** Adds every rule again, to a bus that knows none of them; resolves when it does, and logs those it refused. */
  async restore(sink: MatchRuleSink): Promise<void> {
    await Promise.all(
      this.#entries.keys().map(async (rule) => {
        try {
          await sink.add(rule);
          // Whoever let go of it meanwhile could not tell the bus.
          if (!this.#entries.has(rule)) await sink.remove(rule);
        } catch (error) {
          this.#logger.warn("a match rule could not be restored", { rule, error });
        }
      }),
    );
  }

  #release(text: string, entry: Entry): void {
    entry.uses -= 1;
    if (entry.uses > 0) return;
    this.#entries.delete(text);
    void this.#remove(text);
  }

  async #remove(rule: string): Promise<void> {
    try {
      await this.#sink.remove(rule);
    } catch (error) {
      // A bus that is gone has forgotten the rule by itself.
      this.#logger.debug("a match rule could not be removed", { rule, error });
    }
  }
}
