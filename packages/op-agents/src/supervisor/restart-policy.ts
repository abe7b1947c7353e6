import { backoffDelayMs } from "op-core";
import type { RestartPolicy } from "../spec/agent-spec.ts";

/** What follows from the end of an agent. */
export type RestartDecision =
  | { readonly kind: "restart"; readonly delayMs: number }
  /** It has left for good, as it may. */
  | { readonly kind: "let-go" }
  | { readonly kind: "give-up"; readonly reason: string };

/** How an agent ended that nobody had asked to. */
export interface UnaskedEnd {
  readonly state: "stopped" | "failed";
  /** Failures in a row, this one included. */
  readonly failures: number;
}

/** Decides whether an agent that ended is replaced, and when. */
export function decideRestart(
  policy: RestartPolicy,
  { state, failures }: UnaskedEnd,
  random: () => number,
): RestartDecision {
  if (state === "stopped") {
    return policy.when === "always" ? { kind: "restart", delayMs: 0 } : { kind: "let-go" };
  }
  if (policy.when === "never")
    return { kind: "give-up", reason: "it failed and is never restarted" };
  if (failures > policy.maxRetries) {
    return { kind: "give-up", reason: `it failed ${failures} times in a row` };
  }
  return { kind: "restart", delayMs: backoffDelayMs(failures, policy.backoff, random) };
}
