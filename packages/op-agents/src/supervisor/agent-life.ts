import {
  isFinal,
  nextAgentState,
  type AgentEnding,
  type AgentHappening,
  type AgentState,
} from "./agent-state.ts";
import type { AgentInstanceOptions } from "./agent-instance.ts";

/** The state of one agent, and who hears of it. */
export interface AgentLife {
  readonly state: AgentState;
  /** How it is going to end, where that is decided. */
  readonly ending: AgentEnding | undefined;
  readonly ended: Promise<AgentState>;
  happen(happening: AgentHappening): void;
}

/** Begins a life, which is `spawning`. */
export function createAgentLife({
  id,
  spec,
  clock,
  publish,
}: Pick<AgentInstanceOptions, "id" | "spec" | "clock" | "publish">): AgentLife {
  const ended = Promise.withResolvers<AgentState>();
  let state: AgentState = { kind: "spawning" };
  return {
    get state() {
      return state;
    },
    get ending() {
      return isFinal(state) ? undefined : state.ending;
    },
    ended: ended.promise,
    happen: (happening) => {
      const previous = state;
      state = nextAgentState(previous, happening);
      if (state.kind === previous.kind) return;
      publish({
        kind: "agent-changed",
        atMs: clock.now(),
        type: spec.type,
        agent: id,
        state,
        previous,
      });
      if (isFinal(state)) ended.resolve(state);
    },
  };
}
