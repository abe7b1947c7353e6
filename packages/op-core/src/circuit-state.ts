/** What a circuit lets through. Times are on the clock's monotonic scale. */
export type CircuitState =
  /** Everything. */
  | { readonly kind: "closed" }
  /** Nothing until then. */
  | { readonly kind: "open"; readonly untilMs: number }
  /**
   * A few trial calls. They have until `untilMs`; then their places are given to others, so that a call that never
   * settles cannot keep the circuit from closing.
   */
  | {
      readonly kind: "half-open";
      readonly untilMs: number;
      readonly admitted: number;
      readonly succeeded: number;
    };

/** What a settled call says of the other side; `ignored` says nothing. */
export type CallOutcome = "succeeded" | "failed" | "ignored";

/** What happens to a circuit. */
export type CircuitEvent =
  | { readonly kind: "call-admitted"; readonly nowMs: number }
  | {
      readonly kind: "call-settled";
      readonly nowMs: number;
      readonly outcome: CallOutcome;
      /** Whether too many of the window's calls have failed. */
      readonly isOverThreshold: boolean;
    };

/** What governs a circuit's changes. */
export interface CircuitRules {
  readonly openMs: number;
  readonly halfOpenCalls: number;
}

/** Whether a circuit in this state lets a call through now. */
export function admitsCall(state: CircuitState, nowMs: number, rules: CircuitRules): boolean {
  if (state.kind === "closed" || nowMs >= state.untilMs) return true;
  return state.kind === "half-open" && state.admitted < rules.halfOpenCalls;
}

/** The only place where a circuit changes. */
export function nextCircuitState(
  state: CircuitState,
  event: CircuitEvent,
  rules: CircuitRules,
): CircuitState {
  const untilMs = event.nowMs + rules.openMs;
  if (event.kind === "call-admitted") return admitTrial(state, untilMs, rules);
  if (state.kind === "closed") return event.isOverThreshold ? { kind: "open", untilMs } : state;
  if (state.kind === "open") return state;
  if (event.outcome === "failed") return { kind: "open", untilMs };
  return event.outcome === "ignored" ? withdrawTrial(state) : passTrial(state, rules);
}

type HalfOpen = Extract<CircuitState, { kind: "half-open" }>;

function admitTrial(state: CircuitState, untilMs: number, rules: CircuitRules): CircuitState {
  if (state.kind === "closed") return state;
  if (state.kind === "open") return { kind: "half-open", untilMs, admitted: 1, succeeded: 0 };
  return state.admitted < rules.halfOpenCalls
    ? { ...state, admitted: state.admitted + 1 }
    : { ...state, admitted: state.succeeded + 1, untilMs };
}

function passTrial(state: HalfOpen, { halfOpenCalls }: CircuitRules): CircuitState {
  const succeeded = state.succeeded + 1;
  if (succeeded >= halfOpenCalls) return { kind: "closed" };
  return { ...state, succeeded, admitted: Math.max(state.admitted, succeeded) };
}

function withdrawTrial(state: HalfOpen): HalfOpen {
  return { ...state, admitted: Math.max(state.admitted - 1, state.succeeded) };
}
