import type { AuditConfig } from "../audit-config.ts";

/** What `AuditConfig` says where nothing is configured, as plain data: writing a log loads no schema. */
export const defaultSettings: AuditConfig = {
  path: "/var/lib/op-mcp/audit",
  isPersistent: true,
  maxMemoryEntries: 10_000,
  whenUnavailable: "refuse",
  flushIntervalMs: 50,
  flushEntries: 256,
  maxQueuedEntries: 4096,
  maxArgumentsBytes: 65_536,
  maxSegmentBytes: 67_108_864,
  maxSegmentAgeMs: 24 * 60 * 60 * 1000,
  compression: "zstd",
  checkpointEntries: 10_000,
  checkpointIntervalMs: 60_000,
  snapshots: "auto",
  keepSnapshots: 8,
  retention: { maxAgeMs: 0, maxTotalBytes: 0, holds: [] },
};
