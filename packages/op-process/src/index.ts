/**
 * Child processes that never become orphans: started by a small spawner, kept in a sandbox, limited, and killed to the
 * last one.
 */
export type { ChildHandle, KillOptions } from "./host/child-handle.ts";
export { openProcessHost } from "./host/open-process-host.ts";
export type { ProcessHost, ProcessHostOptions } from "./host/process-host.ts";
export {
  ProcessHostClosedError,
  SandboxUnavailableError,
  SpawnError,
  SpawnerLostError,
  type SandboxShortfall,
  type SpawnFailure,
  type SpawnFailureReason,
} from "./process-error.ts";
export { removeAbandonedFolders } from "./processes/abandoned-folders.ts";
export { inspectSandbox } from "./sandbox/inspect-sandbox.ts";
export { nodePermissionFlags, type NodePermissions } from "./sandbox/node-permissions.ts";
export { isAtLeast, sandboxLevels, type SandboxLevel } from "./sandbox/sandbox-level.ts";
export { hiddenFolders, type SandboxProfile, type UserIds } from "./sandbox/sandbox-profile.ts";
export type {
  Containment,
  LevelReport,
  MechanismReport,
  SandboxMechanism,
  SandboxReport,
} from "./sandbox/sandbox-report.ts";
export type { ExitCause, ExitStatus, KillReason } from "./spec/exit-status.ts";
export type { LimitName, Limits } from "./spec/limits.ts";
export type { ResourceUsage } from "./spec/resource-usage.ts";
export type { SpawnSpec, Stdio, StdioMode } from "./spec/spawn-spec.ts";
