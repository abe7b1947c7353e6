/** Supervised, sandboxed agents: a warm pool, fair queues, and exactly one outcome for each task. */
export {
  AgentDiedError,
  AgentProtocolError,
  AgentSpecError,
  AgentStartError,
  AgentTaskError,
  AgentUnavailableError,
  PoolClosedError,
  TaskCancelledError,
  TaskConflictError,
  TaskNotFoundError,
  UnknownOperationError,
  WorkspaceFileError,
  type TaskFailure,
} from "./agent-error.ts";
export type { AgentBus } from "./backend/agent-bus.ts";
export type { FoundAgents } from "./spec/found-agents.ts";
export type {
  BackendHealth,
  Execution,
  ExecutionBackend,
  Launch,
  Place,
  Workspace,
} from "./backend/execution-backend.ts";
export { openNativeBackend, type NativeBackendOptions } from "./backend/open-native-backend.ts";
export type { AgentRequest } from "./ipc/open-agent-channel.ts";
export type { AgentPool, AgentPoolOptions, AgentTypeView } from "./pool/agent-pool.ts";
export { openAgentPool } from "./pool/open-agent-pool.ts";
export type {
  Task,
  TaskFilter,
  TaskOutcome,
  TaskRequest,
  TaskStatus,
  TaskView,
} from "./pool/task.ts";
export type {
  AgentLimits,
  AgentProgram,
  AgentSpec,
  AgentSpecOptions,
  OperationEffect,
  OperationRisk,
  OperationSpec,
  RestartPolicy,
  StartBreaker,
} from "./spec/agent-spec.ts";
export {
  defaultAgentLimits,
  defaultRestartPolicy,
  defaultStartBreaker,
  defineAgent,
} from "./spec/define-agent.ts";
export type { AgentEvent } from "./supervisor/agent-event.ts";
export type { AgentEnding, AgentState, AgentStateKind } from "./supervisor/agent-state.ts";
export type { HealthReport } from "./supervisor/check-health.ts";
export type { AgentInstance } from "./supervisor/agent-instance.ts";
