import type { Clock, JsonValue, Logger } from "op-core";
import type { AgentBus } from "../backend/agent-bus.ts";
import type { ExecutionBackend, Place } from "../backend/execution-backend.ts";
import type { AgentSpec } from "../spec/agent-spec.ts";
import type { AgentEvent } from "../supervisor/agent-event.ts";
import type { HealthReport } from "../supervisor/check-health.ts";
import type { AgentInstance } from "../supervisor/agent-instance.ts";
import type { Task, TaskFilter, TaskRequest, TaskView } from "./task.ts";

/** How the agents of one type stand. */
export interface AgentTypeView {
  readonly type: string;
  /** How many take tasks. */
  readonly running: number;
  /** How many have nothing to do. */
  readonly idle: number;
  /** How many there should be now. */
  readonly wanted: number;
  /** How many tasks wait. */
  readonly waiting: number;
  /** Why no agents are started, while that is so. */
  readonly unavailable?: string;
}

/** Agents of several types, and the tasks for them. Disposing finishes what runs, for a while, and ends the agents. */
export interface AgentPool extends AsyncDisposable {
  /** Those that there are now. */
  readonly specs: readonly AgentSpec[];
  /** Where the agents run. */
  readonly place: Place;
  /** How each type stands now. */
  readonly types: readonly AgentTypeView[];
  /** The agents that run. */
  readonly agents: readonly AgentInstance[];
  /**
   * Takes a task and gives it to an agent as soon as one has room.
   *
   * @throws {UnknownOperationError} no agent does that.
   * @throws {QueueFullError} too many tasks wait already.
   * @throws {TaskConflictError} the idempotency key belongs to another task.
   */
  submit(request: TaskRequest): Task;
  /** Submits a task and settles as it does; when the signal aborts, the task is cancelled. */
  run(request: TaskRequest, options: { readonly signal: AbortSignal }): Promise<JsonValue>;
  /** A task that is open, or ended not long ago. */
  find(id: string): Task | undefined;
  /** Tasks that are open or ended not long ago, the newest first. */
  list(filter?: TaskFilter): readonly TaskView[];
  /**
   * Takes in a further type, whose agents start with their first task. Disposing what is answered ends them, and fails the
   * tasks of the type.
   *
   * @throws {AgentSpecError} there is one of this type already.
   */
  add(spec: AgentSpec): AsyncDisposable;
  /** Keeps so many agents of a type for now, within the limits of its specification; load changes it again. */
  scale(type: string, count: number): void;
  /** Lets a type that was given up start again now. */
  revive(type: string): void;
  /** What happens to the agents from now on. */
  events(options: { readonly signal: AbortSignal }): AsyncIterable<AgentEvent>;
  /** Checks the health of all idle agents now. */
  checkHealth(options: { readonly signal: AbortSignal }): Promise<HealthReport>;
}

/** What a pool takes. */
export interface AgentPoolOptions {
  readonly backend: ExecutionBackend;
  /** Where agents are that somebody else runs; `op-agents/dbus` makes one. */
  readonly bus?: AgentBus;
  readonly specs: readonly AgentSpec[];
  /** Whether the fewest agents of a type are started with the pool, or with the first task for them. Default: `pool`. */
  readonly startsWith?: "pool" | "first-task";
  /** Agents of all types together. Default: 50. */
  readonly maxAgents?: number;
  /** Tasks of one type that wait. Default: 1,000. */
  readonly maxQueued?: number;
  /** Tasks of one type that wait for one principal. Default: 500. */
  readonly maxQueuedPerPrincipal?: number;
  /** Tasks that are remembered after they ended. Default: 1,000. */
  readonly historyLength?: number;
  /** How often an idempotent task is given to an agent, when agents die over it. Default: 3. */
  readonly maxAttempts?: number;
  /** Default: 10,000. */
  readonly healthIntervalMs?: number;
  /** How long an idle agent may take to give a sign of life. Default: 5,000. */
  readonly healthDeadlineMs?: number;
  /** How long tasks may go on when the pool is closed. Default: 5,000. */
  readonly closeMs?: number;
  readonly clock?: Clock;
  readonly logger?: Logger;
  readonly random?: () => number;
}
