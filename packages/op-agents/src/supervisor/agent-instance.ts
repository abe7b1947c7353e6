import type { Clock, JsonValue, Logger } from "op-core";
import type { ResourceUsage } from "op-process";
import type { AgentBus } from "../backend/agent-bus.ts";
import type { ExecutionBackend } from "../backend/execution-backend.ts";
import type { AgentRequest } from "../ipc/open-agent-channel.ts";
import type { AgentSpec } from "../spec/agent-spec.ts";
import type { AgentEvent } from "./agent-event.ts";
import type { AgentEnding, AgentState } from "./agent-state.ts";

/** One agent, from its start to its end. Disposing kills it. */
export interface AgentInstance extends AsyncDisposable {
  readonly id: string;
  readonly type: string;
  readonly state: AgentState;
  /** What it runs as, at its place. */
  readonly processId: string;
  readonly isolation: string;
  readonly startedAtMs: number;
  readonly tasksDone: number;
  readonly inFlight: number;
  /** Whether it takes a task now. */
  readonly hasRoom: boolean;
  /** Resolves with its last state when nothing of it is left. */
  readonly ended: Promise<AgentState>;
  /** Rejects with `ERR_AGENT_DIED` when it ends before it answers. */
  request(request: AgentRequest, options: { readonly signal: AbortSignal }): Promise<JsonValue>;
  ping(options: { readonly signal: AbortSignal }): Promise<void>;
  /** Takes no more tasks, finishes those it has, and leaves. */
  drain(): void;
  /** Ends it now; resolves when nothing is left. */
  end(ending: AgentEnding): Promise<AgentState>;
  usage(): Promise<ResourceUsage>;
}

/** What an instance stands on. */
export interface AgentInstanceOptions {
  readonly id: string;
  readonly spec: AgentSpec;
  readonly backend: ExecutionBackend;
  /** Where agents are that somebody else runs. */
  readonly bus?: AgentBus | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly publish: (event: AgentEvent) => void;
  /** It may have room for a task now. */
  readonly onRoom: () => void;
}
