import { z } from "zod";

const day = 24 * 60 * 60 * 1000;

/** Entries that retention keeps, for example because a court asked for them. */
export const LegalHold = z.strictObject({
  reason: z.string().meta({ description: "Why they are kept." }),
  from: z.iso
    .datetime()
    .optional()
    .meta({ description: "The first moment held; from the beginning unless told." }),
  to: z.iso
    .datetime()
    .optional()
    .meta({ description: "The last moment held; without an end unless told." }),
});
export type LegalHold = z.output<typeof LegalHold>;

/** How the audit log behaves. */
export const AuditConfig = z.strictObject({
  path: z
    .string()
    .default("/var/lib/op-mcp/audit")
    .meta({ description: "The directory of the audit log.", env: "AUDIT_LOG_PATH" }),
  isPersistent: z.boolean().default(true).meta({
    description: "Whether the log is kept on disk; in memory otherwise, for development.",
    env: "AUDIT_LOG_PERSIST",
  }),
  maxMemoryEntries: z.int().min(1).default(10_000).meta({
    description: "How many entries a log in memory keeps.",
    env: "AUDIT_LOG_MAX",
  }),
  whenUnavailable: z.enum(["refuse", "continue"]).default("refuse").meta({
    description:
      "What happens to a call whose entry cannot be written, for example because the disk is full: refuse it, or go on and say so loudly.",
  }),
  flushIntervalMs: z.int().min(1).default(50).meta({
    description: "How long an entry for which nobody waits is kept back at most.",
  }),
  flushEntries: z.int().min(1).default(256).meta({
    description: "How many entries for which nobody waits are kept back at most.",
  }),
  maxQueuedEntries: z.int().min(1).default(4096).meta({
    description:
      "How many entries may wait while the log cannot be written; beyond that `whenUnavailable` says what happens.",
  }),
  maxArgumentsBytes: z.int().min(0).default(65_536).meta({
    description: "Longer arguments are not written; their length and digest are.",
  }),
  maxSegmentBytes: z.int().min(1024).default(67_108_864).meta({
    description: "A new segment is begun when the last one is this long.",
  }),
  maxSegmentAgeMs: z.int().min(1000).default(day).meta({
    description: "A new segment is begun when the last one is this old.",
  }),
  compression: z.enum(["none", "zstd", "gzip"]).default("zstd").meta({
    description: "How closed segments are compressed.",
  }),
  checkpointEntries: z.int().min(1).default(10_000).meta({
    description: "A checkpoint is signed after this many entries.",
  }),
  checkpointIntervalMs: z.int().min(100).default(60_000).meta({
    description: "A checkpoint is signed at least this often while entries come.",
  }),
  snapshots: z.enum(["auto", "off"]).default("auto").meta({
    description:
      "Whether every closed segment is kept in a read-only snapshot, where the file system is btrfs.",
  }),
  keepSnapshots: z.int().min(1).default(8).meta({
    description: "How many snapshots are kept.",
  }),
  retention: z
    .strictObject({
      maxAgeMs: z.int().min(0).default(0).meta({
        description: "Closed segments whose last entry is older are removed; 0 keeps them.",
      }),
      maxTotalBytes: z.int().min(0).default(0).meta({
        description:
          "The oldest closed segments are removed while the log takes more room; 0 keeps them.",
      }),
      holds: z
        .array(LegalHold)
        .readonly()
        .default([])
        .meta({ description: "What is kept in any case." }),
    })
    .prefault({}),
});
export type AuditConfig = z.output<typeof AuditConfig>;
