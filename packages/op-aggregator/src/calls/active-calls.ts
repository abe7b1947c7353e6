import { TransientMap, type JsonObject } from "op-core";
import { logLevels } from "op-protocol";
import type { UpstreamClient } from "op-protocol/client";
import type { ClientLogLevel, ToolContext } from "op-tools";

/** A call that is under way. */
interface ActiveCall {
  readonly context: ToolContext;
  /** The connection that it is made on, once there is one. */
  client: UpstreamClient | undefined;
}

/** The calls that are under way, to find whom a message is for that does not say it. */
export class ActiveCalls {
  readonly #calls = new TransientMap<number, ActiveCall>();
  /** How many calls want each level. */
  readonly #wanting = logLevels.map(() => 0);
  #last = 0;

  /** Counts a call, and returns the number under which it ends. */
  begin(context: ToolContext): number {
    this.#calls.set((this.#last += 1), { context, client: undefined });
    this.#count(context, 1);
    return this.#last;
  }

  /** Says on which connection a call is made. */
  bind(number: number, client: UpstreamClient): void {
    const call = this.#calls.get(number);
    if (call !== undefined) call.client = client;
  }

  end(number: number): void {
    const call = this.#calls.take(number);
    if (call !== undefined) this.#count(call.context, -1);
  }

  /** The latest call on a connection, where all that are under way on it are of one session. */
  onlyOneOn(client: UpstreamClient): ToolContext | undefined {
    const contexts = [...this.#calls].flatMap(([, call]) =>
      call.client === client ? [call.context] : [],
    );
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
