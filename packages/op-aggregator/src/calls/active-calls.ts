import { TransientMap } from "op-core";
import type { ToolContext } from "op-tools";

/** The calls that are under way, to find whom a message is for that does not say it. */
export class ActiveCalls {
  readonly #contexts = new TransientMap<number, ToolContext>();
  #last = 0;

  /** Counts a call, and returns the number under which it ends. */
  begin(context: ToolContext): number {
    this.#contexts.set((this.#last += 1), context);
    return this.#last;
  }

  end(call: number): void {
    this.#contexts.take(call);
  }

  /** The latest call, where all that are under way are of one session. */
  get onlyOne(): ToolContext | undefined {
    const contexts = [...this.#contexts].map(([, context]) => context);
    const isAlone = new Set(contexts.map(({ sessionId }) => sessionId)).size === 1;
    return isAlone ? contexts.at(-1) : undefined;
  }
}
