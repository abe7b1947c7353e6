import type { CommandSpec } from "../command.ts";
import type { FlagSpec } from "../flags.ts";

const logFlag: FlagSpec = {
  name: "log",
  value: "NUMBER",
  summary: "Only this one of several logs",
};

const keyFlag: FlagSpec = {
  name: "key",
  value: "KEY",
  isRepeatable: true,
  summary: "A key to trust, as `op-mcp audit key` prints it; the machine's own unless told",
};

const filterFlags: readonly FlagSpec[] = [
  { name: "principal", value: "ID", summary: "Only of this caller" },
  { name: "tool", value: "NAME", summary: "Only of this tool" },
  { name: "session", value: "ID", summary: "Only of this session" },
  {
    name: "outcome",
    value: "OUTCOME",
    choices: ["ok", "failed", "refused", "cancelled", "timed-out"],
    summary: "Only calls that ended so",
  },
  {
    name: "risk",
    value: "RISK",
    choices: ["read", "write", "destructive", "privileged"],
    summary: "Only calls of this risk",
  },
  {
    name: "kind",
    value: "KIND",
    choices: ["call-began", "call-ended", "event"],
    summary: "Only entries of this kind",
  },
  { name: "event", value: "EVENT", summary: "Only these events, for example approval-declined" },
  { name: "since", value: "TIME", summary: "Not before: 90m, 2d, or 2026-05-01T12:00" },
  { name: "until", value: "TIME", summary: "Not after" },
  logFlag,
];

const text = [{ name: "text", isRequired: false, isRest: true }];

/** The commands that look into the audit log. They read it also while it is written. */
export const auditCommands: readonly CommandSpec[] = [
  {
    name: "audit tail",
    summary: "Show the last entries",
    positionals: [],
    flags: [
      { name: "follow", short: "f", summary: "Go on with entries as they come" },
      { name: "lines", short: "n", value: "NUMBER", summary: "How many; 20 unless told" },
      logFlag,
    ],
    examples: ["op-mcp audit tail", "op-mcp audit tail -f"],
    load: async () => (await import("../commands/audit/tail.ts")).runAuditTail,
  },
  {
    name: "audit query",
    summary: "Find entries, newest first",
    positionals: text,
    flags: [
      ...filterFlags,
      { name: "limit", value: "NUMBER", summary: "How many at most; 100 unless told" },
    ],
    examples: [
      "op-mcp audit query --since 2h --outcome refused",
      "op-mcp audit query nginx.service --json",
    ],
    load: async () => (await import("../commands/audit/query.ts")).runAuditQuery,
  },
  {
    name: "audit verify",
    summary: "Check that no entry was changed, moved or removed",
    positionals: [],
    flags: [
      keyFlag,
      {
        name: "witness",
        value: "FILE",
        isRepeatable: true,
        summary: "Checkpoints that were kept elsewhere",
      },
      logFlag,
    ],
    examples: ["op-mcp audit verify", "op-mcp audit verify --witness /mnt/elsewhere/checkpoints"],
    load: async () => (await import("../commands/audit/verify.ts")).runAuditVerify,
  },
  {
    name: "audit export",
    summary: "Write entries in another format, oldest first",
    positionals: text,
    flags: [
      {
        name: "format",
        value: "FORMAT",
        choices: ["jsonl", "csv", "cef", "otel"],
        summary: "jsonl unless told",
      },
      ...filterFlags,
    ],
    examples: ["op-mcp audit export --format csv --since 1d > today.csv"],
    load: async () => (await import("../commands/audit/export.ts")).runAuditExport,
  },
  {
    name: "audit prove",
    summary: "Prove that an entry is in the log, to somebody without the log",
    positionals: [{ name: "ENTRY", isRequired: true }],
    flags: [],
    examples: ["op-mcp audit prove 1:42 > proof.json"],
    load: async () => (await import("../commands/audit/prove.ts")).runAuditProve,
  },
  {
    name: "audit check",
    summary: "Check such a proof",
    positionals: [{ name: "FILE", isRequired: true }],
    flags: [keyFlag],
    examples: ["op-mcp audit check proof.json --key KEY"],
    load: async () => (await import("../commands/audit/check.ts")).runAuditCheck,
  },
  {
    name: "audit replay",
    summary: "Show what a session did, in order; or make its reads again and compare",
    positionals: [{ name: "SESSION", isRequired: true }],
    flags: [{ name: "run", summary: "Make the reads again, and say which answer otherwise now" }],
    examples: ["op-mcp audit replay SESSION", "op-mcp audit replay SESSION --run"],
    load: async () => (await import("../commands/audit/replay.ts")).runAuditReplay,
  },
  {
    name: "audit stats",
    summary: "Count entries by who, what and how",
    positionals: [],
    flags: [logFlag],
    examples: ["op-mcp audit stats"],
    load: async () => (await import("../commands/audit/stats.ts")).runAuditStats,
  },
  {
    name: "audit key",
    summary: "Show the public half of the key that signs; keep it off this machine",
    positionals: [],
    flags: [],
    examples: ["op-mcp audit key > audit.pub"],
    load: async () => (await import("../commands/audit/key.ts")).runAuditKey,
  },
];
