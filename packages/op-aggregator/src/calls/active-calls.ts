import { TransientMap, type JsonObject } from "op-core";
import { logLevels } from "op-protocol";
import type { ClientLogLevel, ToolContext } from "op-tools";

/** The calls that are under way, to find whom a message is for that does not say it. */
export class ActiveCalls {
  readonly #contexts = new TransientMap<number, ToolContext>();
  /** How many calls want each level. */
  readonly #wanting = logLevels.map(() => 0);
  #last = 0;

  /** Counts a call, and returns the number under which it ends. */
  begin(context: ToolContext): number {
    this.#contexts.set((this.#last += 1), context);
    this.#count(context, 1);
    return this.#last;
  }

  end(call: number): void {
    const context = this.#contexts.take(call);
    if (context !== undefined) this.#count(context, -1);
  }

  /** The latest call, where all that are under way are of one session. */
  get onlyOne(): ToolContext | undefined {
    const contexts = [...this.#contexts].map(([, context]) => context);
    const isAlone = new Set(contexts.map(({ sessionId }) => sessionId)).size === 1;
    return isAlone ? contexts.at(-1) : undefined;
  }

  /** The least urgent level that a call under way wants. */
  get logLevel(): ClientLogLevel | undefined {
    const place = this.#wanting.findIndex((count) => count > 0);
    return place < 0 ? undefined : logLevels[place];
  }

  #count({ clientLogLevel }: ToolContext, change: 1 | -1): void {
    const place = clientLogLevel === undefined ? -1 : logLevels.indexOf(clientLogLevel);
    const count = this.#wanting[place];
    if (count !== undefined) this.#wanting[place] = count + change;
  }
}

/** Passes on a server's log message as it came. */
export function passLog(context: ToolContext, { level, data = null, logger }: JsonObject): void {
  const known = logLevels.find((one) => one === level);
  if (known === undefined) return;
  if (typeof logger === "string") context.logToClient(known, data, logger);
  else context.logToClient(known, data);
}
