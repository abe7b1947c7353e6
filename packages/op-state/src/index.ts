/**
 * Declared system state: a plan before, a journal during, and a way back after. It knows nothing of MCP; what can be
 * declared is up to plugins.
 */
export {
  openStateEngine,
  type OpenStateEngineOptions,
  type Retention,
} from "./apply/open-state-engine.ts";
export type {
  Authorship,
  CheckpointOptions,
  Deviation,
  DriftNews,
  EngineOptions,
  RecoveredRun,
  Recovery,
  RollbackPreview,
  RunOptions,
  RunProgress,
  StateEngine,
} from "./apply/state-engine.ts";
export type { DesiredResource, DesiredState } from "./document/desired-state.ts";
export { parseDesiredState } from "./document/parse-desired-state.ts";
export {
  planLines,
  renderPlan,
  summarisePlan,
  type PlanLine,
  type PlanSummary,
} from "./plan/render-plan.ts";
export type { PlannedChange, StatePlan } from "./plan/state-plan.ts";
export { fingerprintOf } from "./plugin/fingerprint.ts";
export type {
  ApplyStepOptions,
  DesiredValue,
  PluginCapabilities,
  PluginOptions,
  Problem,
  ResourceChange,
  ResourceKeys,
  ResourceState,
  StatePlugin,
  StateRisk,
} from "./plugin/state-plugin.ts";
export {
  StateChangeError,
  StateClosedError,
  StateCycleError,
  StateInputError,
  StateLockedError,
  StateNotFoundError,
  StatePlanAlteredError,
  StatePlanStaleError,
  StatePlanUnknownError,
  StatePluginError,
  StateRefusedError,
  StateRunError,
  StateStoreError,
  StateUndoError,
  StateUnfinishedError,
  type AnyStateError,
  type RunFailure,
} from "./state-error.ts";
export { createMemoryStore } from "./store/memory-store.ts";
export { openSqliteStore, type OpenSqliteStoreOptions } from "./store/open-sqlite-store.ts";
export type {
  Declared,
  DeclaredEntry,
  DeclaredUpdate,
  NewStep,
  PruneQuery,
  RecordEnd,
  RecordKind,
  RecordQuery,
  RecordStart,
  RecordStatus,
  RecordStep,
  StateRecord,
  StateStore,
  StepStatus,
  StepTask,
} from "./store/state-store.ts";
