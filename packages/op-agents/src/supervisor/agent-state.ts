/** How an agent that did not end well ended. */
export interface AgentEnding {
  readonly as: "failed" | "killed";
  readonly reason: string;
}

/** The life of an agent. `ending` is set as soon as it is decided how it ends, while it is still there. */
export type AgentState =
  | {
      /**
       * `spawning`: its program is being started. `starting`: it runs and has not said that it is ready. `running`: it
       * takes tasks. `draining`: it finishes what it has, and leaves.
       */
      readonly kind: "spawning" | "starting" | "running" | "draining";
      readonly ending?: AgentEnding;
    }
  /** It left with success; `wasAsked` says whether anybody wanted that. */
  | { readonly kind: "stopped"; readonly wasAsked: boolean }
  | { readonly kind: "failed" | "killed"; readonly reason: string };

/** Where an agent is in its life. */
export type AgentStateKind = AgentState["kind"];

/** What happens to an agent. */
export type AgentHappening =
  | { readonly kind: "spawned" }
  | { readonly kind: "ready" }
  | { readonly kind: "drain-asked" }
  | { readonly kind: "end-decided"; readonly ending: AgentEnding }
  /** Nothing of it is left. */
  | { readonly kind: "exited"; readonly isClean: boolean; readonly detail: string };

/** Whether nothing happens to an agent any more. */
export function isFinal(
  state: AgentState,
): state is Extract<AgentState, { readonly kind: "stopped" | "failed" | "killed" }> {
  return state.kind === "stopped" || state.kind === "failed" || state.kind === "killed";
}

/** The only place where the state of an agent changes. */
export function nextAgentState(state: AgentState, happening: AgentHappening): AgentState {
  if (isFinal(state)) return state;
  if (happening.kind === "exited") return endOf(state, happening);
  if (happening.kind === "end-decided") {
    return state.ending === undefined ? { ...state, ending: happening.ending } : state;
  }
  const { from, to } = steps[happening.kind];
  return state.kind === from ? { ...state, kind: to } : state;
}

/** How an agent gets on while it lives. */
const steps = {
  spawned: { from: "spawning", to: "starting" },
  ready: { from: "starting", to: "running" },
  "drain-asked": { from: "running", to: "draining" },
} as const;

function endOf(
  { kind, ending }: Extract<AgentState, { readonly ending?: AgentEnding }>,
  { isClean, detail }: { readonly isClean: boolean; readonly detail: string },
): AgentState {
  if (ending !== undefined) return { kind: ending.as, reason: ending.reason };
  // Before it was ready nothing that it does is a success.
  if (isClean && (kind === "running" || kind === "draining")) {
    return { kind: "stopped", wasAsked: kind === "draining" };
  }
  return { kind: "failed", reason: detail };
}
