import type { ResultPage } from "./result-store.ts";

/** What is shown of something too large, and what is not. */
export interface Cut<T> {
  readonly shown: T;
  readonly rest: readonly ResultPage[];
  /** How much is shown of how much, as a sentence. */
  readonly note: string;
}
