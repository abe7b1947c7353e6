/**
 * Where each middleware of this package stands unless its options say otherwise. Arguments are validated before a person
 * is asked to approve them, and a result is limited outside the cache, so that a link in it is never older than the call.
 * The deadline is inside the circuit breaker, which so learns of a tool that never answers.
 */
export const defaultPriority = {
  validateInput: 40,
  requireApproval: 60,
  limitRate: 80,
  limitConcurrency: 100,
  limitResult: 120,
  cacheResult: 140,
  breakCircuit: 150,
  timeout: 160,
  validateOutput: 200,
} as const;

/** What every middleware takes. */
export interface MiddlewareOptions {
  /** 0 is outermost, 255 innermost. */
  readonly priority?: number;
}
