import { AuditConfig } from "op-audit";
import * as z from "zod";

/** How op-mcp keeps its audit log. */
export const AuditSettings = AuditConfig.extend({
  path: z.string().default("").meta({
    description:
      "Holds the audit logs, one for each op-mcp that runs at the same time; empty means `$XDG_STATE_HOME/op-mcp/audit`.",
    env: "AUDIT_LOG_PATH",
  }),
  keyPath: z.string().default("").meta({
    description:
      "The key that signs checkpoints, made at the first start, never inside `audit.path`; empty means `$XDG_STATE_HOME/op-mcp/keys/audit.pem`.",
  }),
  waitFor: z.enum(["changes", "everything", "nothing"]).default("changes").meta({
    description:
      "Which calls wait until their entry is on the disk: those that may change something, all, or none. Entries nobody waits for follow within `audit.flushIntervalMs`.",
  }),
  whenUnavailable: z.enum(["refuse-changes", "refuse", "continue"]).default("refuse-changes").meta({
    description:
      "Which calls are refused while the audit log cannot be written, for example because the disk is full; the others go on, and the log says so loudly.",
  }),
  sinks: z.array(z.string()).default([]).meta({
    description:
      "Where every entry goes besides: `journald`, `syslog`, `syslog://HOST:PORT`, `file:PATH` or an `https://` URL.",
  }),
  witnesses: z.array(z.string()).default([]).meta({
    description:
      "Where every signed checkpoint goes besides, as `audit.sinks` are named: out of reach of whoever can change the log, so that a removed end is noticed.",
  }),
}).meta({ description: "The audit log." });

/** How op-mcp keeps its audit log. */
export type AuditSettings = z.output<typeof AuditSettings>;
