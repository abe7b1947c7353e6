import { isErrorOf, type Clock } from "op-core";
import { AgentDiedError, AgentProtocolError } from "../agent-error.ts";
import type { AgentSpec } from "../spec/agent-spec.ts";
import type { AgentGroup } from "../supervisor/agent-group.ts";
import type { AgentInstance } from "../supervisor/agent-instance.ts";
import type { AgentTypeView } from "./agent-pool.ts";
import { createTaskQueue, type TaskQueue } from "./task-queue.ts";
import type { TaskRecord } from "./task-record.ts";

/** What a lane takes. */
export interface TaskLaneOptions {
  readonly clock: Clock;
  readonly maxQueued: number;
  readonly maxQueuedPerPrincipal: number;
  readonly maxAttempts: number;
}

/** The tasks of one type on their way to the agents of this type. Disposing stops the shrinking. */
export class TaskLane implements Disposable {
  readonly #group: AgentGroup;
  readonly #queue: TaskQueue<TaskRecord>;
  readonly #options: TaskLaneOptions;
  /** Whose turn it is. */
  #turn = 0;
  /** The fewest agents that were idle since the last look: so many were never needed. */
  #fewestIdle = 0;
  #look: Disposable;

  constructor(group: AgentGroup, options: TaskLaneOptions) {
    this.#group = group;
    this.#options = options;
    this.#queue = createTaskQueue<TaskRecord>({
      what: `The task for ${group.spec.type}`,
      maxEntries: options.maxQueued,
      maxPerPrincipal: options.maxQueuedPerPrincipal,
    });
    this.#look = this.#startLook();
  }

  get spec(): AgentSpec {
    return this.#group.spec;
  }

  /** How its agents and tasks stand. */
  get view(): AgentTypeView {
    const { agents, spec, wanted, despair } = this.#group;
    return {
      type: spec.type,
      running: agents.filter(({ state }) => state.kind === "running").length,
      idle: this.#idle(),
      wanted,
      waiting: this.#queue.length,
      ...(despair === undefined ? {} : { unavailable: despair.message }),
    };
  }

  add(record: TaskRecord): void {
    this.#queue.add(record);
    this.dispatch();
  }

  remove(record: TaskRecord): void {
    this.#queue.remove(record);
  }

  /** Gives out as many tasks as there is room for, and asks for more agents where there is not. */
  dispatch(): void {
    while (this.#queue.length > 0) {
      const agent = this.#nextAgent();
      if (agent === undefined) break;
      const record = this.#queue.take();
      if (record !== undefined) void this.#run(record, agent);
    }
    this.#fewestIdle = Math.min(this.#fewestIdle, this.#idle());
    if (this.#queue.length > 0) this.#grow();
  }

  /** Fails all that wait: there will be no agents for them any more. */
  fail(error: Error): void {
    for (const record of this.#queue.drain()) record.settle({ kind: "failed", error });
  }

  [Symbol.dispose](): void {
    this.#look[Symbol.dispose]();
  }

  #nextAgent(): AgentInstance | undefined {
    const { agents } = this.#group;
    for (let step = 0; step < agents.length; step += 1) {
      const at = (this.#turn + step) % agents.length;
      const agent = agents[at];
      if (agent?.hasRoom !== true) continue;
      this.#turn = at + 1;
      return agent;
    }
    return undefined;
  }

  async #run(record: TaskRecord, agent: AgentInstance): Promise<void> {
    const { operation, input, onProgress } = record.request;
    record.begin(agent.id);
    try {
      const request = { operation, input, onProgress };
      const output = await agent.request(request, { signal: record.signal });
      record.settle({ kind: "done", output });
    } catch (error) {
      this.#afterFailure(record, error);
    }
  }

  #afterFailure(record: TaskRecord, error: unknown): void {
    if (record.isOver) return;
    const isLost = isErrorOf(error, AgentDiedError) || isErrorOf(error, AgentProtocolError);
    const mayRepeat = record.spec.isIdempotent && record.attempts < this.#options.maxAttempts;
    if (isLost && mayRepeat) {
      record.requeue();
      this.#queue.putBack(record);
      this.dispatch();
    } else {
      record.settle({
        kind: "failed",
        error: error instanceof Error ? error : new Error(String(error)),
      });
    }
  }

  #grow(): void {
    const group = this.#group;
    const { despair } = group;
    if (despair === undefined) {
      group.want(
        Math.max(
          group.wanted,
          group.spec.instances.min,
          Math.min(group.spec.instances.max, group.agents.length + this.#queue.length),
        ),
      );
      group.claim();
    } else if (group.size === 0) {
      this.fail(despair);
    }
  }

  #idle(): number {
    return this.#group.agents.filter(
      ({ inFlight, state }) => inFlight === 0 && state.kind === "running",
    ).length;
  }

  #startLook(): Disposable {
    return this.#options.clock.startTimer(this.#group.spec.idleMs, () => {
      const { wanted, spec } = this.#group;
      const enough = Math.max(spec.instances.min, wanted - this.#fewestIdle);
      if (enough < wanted) this.#group.want(enough);
      this.#fewestIdle = this.#idle();
      this.#look = this.#startLook();
    });
  }
}
