import type { JsonObject } from "op-core";
import type { ToolContext, ToolResult } from "op-tools";
import type { Place } from "../backend/execution-backend.ts";
import type { Task } from "../pool/task.ts";
import type { AgentSpec } from "../spec/agent-spec.ts";
import type { DirectAgents } from "./direct-agents.ts";
import type { LazyPool } from "./lazy-pool.ts";
import type { TaskWishes } from "./task-wishes.ts";

/** A task that a call of a tool has become. */
export interface SubmittedTask {
  readonly task: Task;
  /** Where its agent runs. */
  readonly place: Place;
}

/** What the tools of agents are made with. */
export interface AgentToolParts {
  /** The name of the source. */
  readonly source: string;
  readonly specs: readonly AgentSpec[];
  readonly maxAgents: number;
  readonly pool: LazyPool;
  readonly direct: DirectAgents;
  readonly wishes: TaskWishes;
  /** Calls a tool of this source as a client does, through everything that calls go through. */
  readonly call: (name: string, args: JsonObject, context: ToolContext) => Promise<ToolResult>;
  /** Aborts when tasks that nobody waits for are to end. */
  readonly leaving: AbortSignal;
  /** Hears of the task that a call has become. */
  readonly onSubmitted: (context: ToolContext, submitted: SubmittedTask) => void;
}
