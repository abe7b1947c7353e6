/**
 * How much a child is kept apart, from nothing to everything. Each level has what those before it have.
 *
 * - `none`: a session of its own, and nothing it started outlives it.
 * - `limits`: resource limits; no core dumps.
 * - `user`: no capabilities and no way to any; under root, a user of its own that nobody else has, or the one it is to be.
 * - `namespaces`: own processes, network, IPC and mounts; read-only root, private `/tmp`, no homes, no sockets of services.
 * - `full`: no system call that mounts, traces, loads, or makes namespaces.
 */
export type SandboxLevel = (typeof sandboxLevels)[number];

/** The levels, weakest first. */
export const sandboxLevels = ["none", "limits", "user", "namespaces", "full"] as const;

/** Whether one level has everything that another has. */
export function isAtLeast(level: SandboxLevel, least: SandboxLevel): boolean {
  return sandboxLevels.indexOf(level) >= sandboxLevels.indexOf(least);
}
