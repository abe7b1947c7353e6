import type { JsonValue } from "op-core";
import { z } from "zod";
import { entryVersion } from "./entry-version.ts";

/** What a call may do, from harmless to grave. */
export const AuditRisk = z.enum(["read", "write", "destructive", "privileged"]);
export type AuditRisk = z.output<typeof AuditRisk>;

/** How a call ended. */
export const AuditOutcome = z.enum(["ok", "failed", "refused", "cancelled", "timed-out"]);
export type AuditOutcome = z.output<typeof AuditOutcome>;

/** What was decided about a call, and the rule that made it so. */
export const AuditDecision = z.strictObject({
  verdict: z.enum(["allow", "deny", "ask", "dry-run"]),
  rule: z.string().optional().meta({ description: "The rule that decided." }),
  reason: z.string().optional(),
});
export type AuditDecision = z.output<typeof AuditDecision>;

/** Security events: what happened besides calls. */
export const AuditEventName = z.enum([
  "approval-asked",
  "approval-declined",
  "approval-given",
  "authentication-failed",
  "call-refused",
  "clock-went-backwards",
  "configuration-changed",
  "entries-lost",
  "key-rotated",
  "limit-hit",
  "log-closed",
  "log-opened",
  "log-recovered",
  "segment-removed",
  "started",
  "state-recovered",
  "stopped",
]);
export type AuditEventName = z.output<typeof AuditEventName>;

const json: z.ZodType<JsonValue> = z.json();

const stamp = {
  v: z.literal(entryVersion),
  at: z.iso.datetime().meta({ description: "Wall time, UTC, with milliseconds." }),
  monotonicMs: z.number().meta({ description: "Milliseconds since the writer started." }),
};

const who = {
  principal: z.string().optional().meta({ description: "For example unix:uid=1000." }),
  client: z
    .strictObject({ name: z.string(), version: z.string().optional() })
    .optional()
    .meta({ description: "What the client says of itself: a label, never a proof." }),
  sessionId: z.string().optional(),
  requestId: z.string().optional(),
  traceId: z.string().optional(),
};

const what = {
  tool: z.string().meta({ description: "The tool that really runs." }),
  via: z.string().optional().meta({ description: "The tool the client named, if another." }),
  source: z.string().optional(),
  risk: AuditRisk.optional(),
  backend: z.string().optional(),
  agent: z.string().optional(),
  arguments: json.optional().meta({ description: "The arguments without their secrets." }),
  argumentsBytes: z.int().optional().meta({ description: "Length of the originals as JSON." }),
  argumentsDigest: z.string().optional().meta({ description: "Digest of the originals." }),
  decision: AuditDecision.optional(),
};

/** A call that is about to run. */
export const CallBegan = z.strictObject({
  kind: z.literal("call-began"),
  ...stamp,
  ...who,
  ...what,
});
export type CallBegan = z.output<typeof CallBegan>;

/** A call that has ended. */
export const CallEnded = z.strictObject({
  kind: z.literal("call-ended"),
  ...stamp,
  ...who,
  ...what,
  outcome: AuditOutcome,
  errorCode: z.string().optional(),
  durationMs: z.number().optional(),
  resultBytes: z.int().optional().meta({ description: "Length of the result as JSON." }),
  resultDigest: z.string().optional(),
});
export type CallEnded = z.output<typeof CallEnded>;

/** Something that happened besides calls. */
export const SecurityEvent = z.strictObject({
  kind: z.literal("event"),
  ...stamp,
  ...who,
  event: AuditEventName,
  details: json.optional(),
});
export type SecurityEvent = z.output<typeof SecurityEvent>;

/** What one line of the log says, without its place in the log. */
export const AuditRecord = z.discriminatedUnion("kind", [CallBegan, CallEnded, SecurityEvent]);
export type AuditRecord = z.output<typeof AuditRecord>;

/** A record and its place in the log, counted from 0. */
export type AuditEntry = AuditRecord & { readonly seq: number };
