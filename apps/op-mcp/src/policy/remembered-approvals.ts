import { systemClock, type Clock } from "op-core";
import { BoundedMap } from "./bounded-map.ts";

/** What remembering takes. */
export interface RememberedApprovalsOptions {
  readonly clock?: Clock;
  /** How many calls are remembered; the longest unused are forgotten. */
  readonly maxRemembered?: number;
}

/** Calls to which a person has said yes, by their digests. */
export interface RememberedApprovals extends Disposable {
  /** Notes that a person has just said yes. */
  remember(digest: string): void;
  /**
   * Whether a person said yes within the last `rememberMs`. The time is told by the decision at hand, so that a policy
   * that remembers for less counts at once for what was said before.
   */
  isRemembered(digest: string, rememberMs: number): boolean;
}

/** Makes a memory in which nothing is remembered yet. */
export function createRememberedApprovals({
  clock = systemClock,
  maxRemembered = 1000,
}: RememberedApprovalsOptions = {}): RememberedApprovals {
  const said = new BoundedMap<number>(maxRemembered);
  return {
    remember: (digest) => said.set(digest, clock.monotonic()),
    isRemembered: (digest, rememberMs) => {
      const atMs = said.get(digest);
      return atMs !== undefined && clock.monotonic() - atMs < rememberMs;
    },
    [Symbol.dispose]: () => said.clear(),
  };
}
