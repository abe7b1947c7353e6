import type { JsonValue } from "op-core";
import type { ResourceUsage } from "op-process";
import { AgentDiedError } from "../agent-error.ts";
import type { AgentChannel, AgentRequest } from "../ipc/open-agent-channel.ts";
import type { AgentInstance } from "./agent-instance.ts";
import { isFinal, type AgentEnding, type AgentState } from "./agent-state.ts";
import { describeExit } from "./describe-exit.ts";
import { stopAfter, type Newcomer } from "./greet-agent.ts";

/** An agent that has said that it is ready. */
export class RunningAgent implements AgentInstance {
  readonly id: string;
  readonly type: string;
  readonly processId: string;
  readonly isolation: string;
  readonly startedAtMs: number;
  readonly ended: Promise<AgentState>;
  readonly #parts: Newcomer & { readonly channel: AgentChannel };
  #tasksTaken = 0;
  #tasksDone = 0;
  #isLeaving = false;

  constructor(parts: Newcomer & { readonly channel: AgentChannel }) {
    const { options, execution, life } = parts;
    this.#parts = parts;
    this.id = options.id;
    this.type = options.spec.type;
    this.processId = execution.id;
    this.isolation = execution.isolation;
    this.startedAtMs = options.clock.now();
    this.ended = life.ended;
    void this.#watch();
    const age = options.clock.startTimer(options.spec.limits.maxRuntimeMs, () => this.drain());
    void stopAfter(this.ended, age);
  }

  get state(): AgentState {
    return this.#parts.life.state;
  }

  get tasksDone(): number {
    return this.#tasksDone;
  }

  get inFlight(): number {
    return this.#tasksTaken - this.#tasksDone;
  }

  get hasRoom(): boolean {
    const { state } = this;
    const { concurrency, maxTasks } = this.#parts.options.spec.limits;
    if (state.kind !== "running" || state.ending !== undefined) return false;
    return this.inFlight < concurrency && this.#tasksTaken < maxTasks;
  }

  async request(
    request: AgentRequest,
    { signal }: { readonly signal: AbortSignal },
  ): Promise<JsonValue> {
    const { channel, options } = this.#parts;
    this.#tasksTaken += 1;
    try {
      return await channel.request(request, { signal });
    } finally {
      this.#tasksDone += 1;
      if (this.#tasksDone >= options.spec.limits.maxTasks) this.drain();
      this.#leaveWhenIdle();
      options.onRoom();
    }
  }

  async ping({ signal }: { readonly signal: AbortSignal }): Promise<void> {
    await this.#parts.channel.ping({ signal });
  }

  drain(): void {
    if (this.state.kind !== "running") return;
    this.#parts.life.happen({ kind: "drain-asked" });
    this.#leaveWhenIdle();
  }

  async end(ending: AgentEnding): Promise<AgentState> {
    const { life, execution } = this.#parts;
    if (isFinal(life.state)) return life.state;
    life.happen({ kind: "end-decided", ending });
    await execution.kill({ graceMs: 0 });
    return await life.ended;
  }

  async usage(): Promise<ResourceUsage> {
    return await this.#parts.execution.usage();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end({ as: "killed", reason: "the agents are being closed" });
  }

  async #watch(): Promise<void> {
    const { execution, life, channel } = this.#parts;
    const status = await execution.exited;
    const detail = describeExit(status);
    const reason = life.ending?.reason ?? detail;
    const isClean = status.kind === "exited" && status.code === 0;
    // First the state: whoever looks for another agent because of the failed request must not find this one.
    life.happen({ kind: "exited", isClean, detail });
    channel.fail(new AgentDiedError(this.id, reason));
  }

  #leaveWhenIdle(): void {
    if (this.state.kind !== "draining" || this.inFlight > 0 || this.#isLeaving) return;
    this.#isLeaving = true;
    const { channel, options } = this.#parts;
    const { drainMs } = options.spec.limits;
    channel.finish();
    const timer = options.clock.startTimer(drainMs, () => {
      void this.end({ as: "killed", reason: `it did not leave within ${drainMs} ms` });
    });
    void stopAfter(this.ended, timer);
  }
}
