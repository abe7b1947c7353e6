import {
  createCircuitBreaker,
  isOpError,
  type CircuitBreaker,
  type Clock,
  type Logger,
  type Semaphore,
  type Timer,
} from "op-core";
import { AgentUnavailableError } from "../agent-error.ts";
import type { AgentBus } from "../backend/agent-bus.ts";
import type { ExecutionBackend } from "../backend/execution-backend.ts";
import type { AgentSpec } from "../spec/agent-spec.ts";
import type { AgentEvent } from "./agent-event.ts";
import type { AgentState } from "./agent-state.ts";
import type { AgentInstance } from "./agent-instance.ts";
import { openAgentInstance } from "./open-agent-instance.ts";
import { decideRestart } from "./restart-policy.ts";

/** What a group of agents stands on. */
export interface AgentGroupOptions {
  readonly backend: ExecutionBackend;
  readonly bus?: AgentBus | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly random: () => number;
  /** A permit for each agent of this host. */
  readonly slots: Semaphore;
  readonly publish: (event: AgentEvent) => void;
  /** There may be room for a task, or no hope for any. */
  readonly onChange: (type: string) => void;
  /** A permit was given back. */
  readonly onSlotFree: () => void;
  /** The type has tasks and no agent, because others have all permits. */
  readonly onStarved: (type: string) => void;
}

/** How long an agent works before it makes room for a type that has none, so that starting is not all that is done. */
const turnMs = 1000;

/** The agents of one type: keeps as many as are wanted, and replaces those that fail. */
export class AgentGroup implements AsyncDisposable {
  readonly spec: AgentSpec;
  readonly #options: AgentGroupOptions;
  readonly #breaker: CircuitBreaker;
  readonly #agents = new Set<AgentInstance>();
  readonly #starting = new Set<Promise<void>>();
  readonly #closing = new AbortController();
  #wanted = 0;
  #failures = 0;
  #started = 0;
  #pause: Timer | undefined;
  #despair: { readonly error: AgentUnavailableError; readonly untilMs: number } | undefined;

  constructor(spec: AgentSpec, options: AgentGroupOptions) {
    this.spec = spec;
    this.#options = options;
    this.#breaker = createCircuitBreaker({
      windowMs: spec.breaker.windowMs,
      minimumCalls: spec.breaker.minimumStarts,
      failureRatio: spec.breaker.failureRatio,
      openMs: spec.breaker.openMs,
      halfOpenCalls: 1,
      clock: options.clock,
      countsAsFailure: () => !this.#closing.signal.aborted,
      what: `Starting an agent of type ${spec.type}`,
    });
  }

  /** Those that are ready or finish their tasks, oldest first. */
  get agents(): readonly AgentInstance[] {
    return [...this.#agents];
  }

  /** How many there are or will be soon, without those that leave. */
  get size(): number {
    return this.#staying().length + this.#starting.size;
  }

  get wanted(): number {
    return this.#wanted;
  }

  /** Why no more agents are started, while that is so. */
  get despair(): AgentUnavailableError | undefined {
    const despair = this.#despair;
    if (despair === undefined || this.#options.clock.monotonic() < despair.untilMs)
      return despair?.error;
    this.#despair = undefined;
    this.#failures = 0;
    return undefined;
  }

  /** Forgets failures: the next task starts agents again at once. */
  revive(): void {
    this.#despair = undefined;
    this.#failures = 0;
    this.#endPause();
    this.fill();
  }

  /** Keeps so many agents from now on; those that are too many leave when they are idle. */
  want(count: number): void {
    this.#wanted = Math.min(count, this.spec.instances.max);
    const idleFirst = this.#staying().toSorted((left, right) => left.inFlight - right.inFlight);
    for (const agent of idleFirst.slice(0, Math.max(0, this.size - this.#wanted))) agent.drain();
    this.fill();
  }

  /** Starts what is missing, as far as this host has room and nothing speaks against it. */
  fill(): void {
    if (this.#closing.signal.aborted || this.#pause !== undefined) return;
    while (this.size < this.#wanted && this.despair === undefined) {
      const slot = this.#options.slots.tryAcquire();
      if (slot === undefined) return;
      const start = this.#startOne(slot).finally(() => {
        this.#starting.delete(start);
        this.fill();
        this.#options.onChange(this.spec.type);
      });
      this.#starting.add(start);
    }
  }

  /** Whether it wants agents, has none, and only lacks a permit. */
  get isStarved(): boolean {
    const isHeld = this.#pause !== undefined || this.despair !== undefined;
    return this.#wanted > 0 && this.size === 0 && !isHeld && !this.#closing.signal.aborted;
  }

  /** Says that tasks wait for which there is no agent; others give one up if they keep this type from having any. */
  claim(): void {
    if (this.isStarved) this.#options.onStarved(this.spec.type);
  }

  /** Lets an agent of this kind leave when it has done what it does, and wants one less; answers which, if there is one. */
  giveUp(kind: "idle" | "has-had-its-turn"): AgentInstance | undefined {
    const sinceMs = this.#options.clock.now() - turnMs;
    const agent = this.#staying().find(({ inFlight, startedAtMs }) =>
      kind === "idle" ? inFlight === 0 : startedAtMs <= sinceMs,
    );
    if (agent === undefined) return undefined;
    this.#wanted = Math.max(0, Math.min(this.#wanted, this.size) - 1);
    agent.drain();
    return agent;
  }

  /** Resolves when no start is under way. */
  async settled(): Promise<void> {
    while (this.#starting.size > 0) await Promise.all(this.#starting);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#wanted = 0;
    this.#endPause();
    this.#closing.abort(new AgentUnavailableError(this.spec.type, "the agents are being closed"));
    await this.settled();
    await Promise.all([...this.#agents].map(async (agent) => await agent[Symbol.asyncDispose]()));
  }

  #staying(): AgentInstance[] {
    return [...this.#agents].filter(({ state }) => state.kind === "running");
  }

  async #startOne(slot: Disposable): Promise<void> {
    const { backend, bus, clock, logger, publish, onChange, onSlotFree } = this.#options;
    this.#started += 1;
    const id = `${this.spec.type}-${this.#started}`;
    const onRoom = () => onChange(this.spec.type);
    const free = () => {
      slot[Symbol.dispose]();
      onSlotFree();
    };
    try {
      const agent = await this.#breaker.run(
        async () =>
          await openAgentInstance(
            { id, spec: this.spec, backend, bus, clock, logger, publish, onRoom },
            { signal: this.#closing.signal },
          ),
      );
      this.#agents.add(agent);
      void this.#watch(agent, free);
    } catch (error) {
      this.#afterFailedStart(id, error);
      free();
    }
  }

  async #watch(agent: AgentInstance, free: () => void): Promise<void> {
    const state = await agent.ended;
    this.#agents.delete(agent);
    this.#afterEnd(agent, state);
    // Only now: a slot that is free starts agents at once, and it has just been decided whether they may.
    free();
    this.#options.onChange(this.spec.type);
  }

  #afterFailedStart(id: string, error: unknown): void {
    if (this.#closing.signal.aborted) return;
    const { logger } = this.#options;
    const reason = error instanceof Error ? error.message : String(error);
    logger.warn("An agent could not be started.", { agent: id, reason });
    // What trying again can't change, such as a missing program, is not tried again.
    if (isOpError(error) && !error.retryable) this.#giveUp(reason, error);
    else this.#afterUnaskedEnd("failed", reason, error);
  }

  #afterEnd(agent: AgentInstance, state: AgentState): void {
    if (this.#closing.signal.aborted) return;
    if (agent.tasksDone > 0) this.#failures = 0;
    if (state.kind === "failed") {
      this.#options.logger.warn("An agent failed.", { agent: agent.id, reason: state.reason });
      this.#afterUnaskedEnd("failed", state.reason);
    } else if (state.kind === "stopped" && !state.wasAsked) {
      this.#afterUnaskedEnd("stopped", "it left by itself");
    }
  }

  #afterUnaskedEnd(state: "stopped" | "failed", reason: string, cause?: unknown): void {
    const { random, clock, publish } = this.#options;
    const { type, restart } = this.spec;
    if (state === "failed") this.#failures += 1;
    const decision = decideRestart(restart, { state, failures: this.#failures }, random);
    if (decision.kind === "let-go") this.#wanted = Math.max(0, this.#wanted - 1);
    if (decision.kind === "give-up") this.#giveUp(`${decision.reason}: ${reason}`, cause);
    if (decision.kind !== "restart" || decision.delayMs === 0) return;
    const { delayMs } = decision;
    publish({
      kind: "restart-scheduled",
      atMs: clock.now(),
      type,
      failures: this.#failures,
      delayMs,
    });
    this.#endPause();
    this.#pause = clock.startTimer(delayMs, () => {
      this.#pause = undefined;
      this.fill();
    });
  }

  #giveUp(reason: string, cause?: unknown): void {
    const { clock, publish } = this.#options;
    const { type, restart } = this.spec;
    this.#despair = {
      error: new AgentUnavailableError(type, reason, cause),
      untilMs: clock.monotonic() + restart.backoff.maxMs,
    };
    publish({ kind: "type-given-up", atMs: clock.now(), type, reason });
  }

  #endPause(): void {
    this.#pause?.[Symbol.dispose]();
    this.#pause = undefined;
  }
}
