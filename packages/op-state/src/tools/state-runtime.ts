import type { StateEngine } from "../apply/state-engine.ts";
import type { StatePlugin } from "../plugin/state-plugin.ts";
import type { PlanShelf } from "./plan-shelf.ts";

/** The name of the source that these tools belong to. */
export const stateSourceName = "state";

/** What the tools of one machine's state share. */
export interface StateRuntime {
  readonly plugins: readonly StatePlugin[];
  /** Opens the engine with its first use. */
  readonly engine: () => Promise<StateEngine>;
  readonly plans: PlanShelf;
  /** Is told when a run may have changed what is declared. */
  readonly onRun: () => void;
}

/** What these tools have in common. */
export const stateHeader = {
  category: "state",
  tags: ["state"],
  source: stateSourceName,
} as const;
