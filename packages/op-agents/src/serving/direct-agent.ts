import type { Operation } from "./serve-agent.ts";

/** The operations of an agent in the process of who wants them, until it is disposed. */
export interface DirectAgent extends AsyncDisposable {
  readonly operations: Readonly<Record<string, Operation>>;
}
