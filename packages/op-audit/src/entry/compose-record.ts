import { plainDigest, type Digest } from "../redaction/digest.ts";
import { redact, redactText } from "../redaction/redact.ts";
import { secretMarks } from "../redaction/schema-marks.ts";
import type {
  AuditDraft,
  CallBeganDraft,
  CallEndedDraft,
  SecurityEventDraft,
} from "./audit-draft.ts";
import type { CallBegan } from "./audit-entry.ts";
import { entryVersion } from "./entry-version.ts";
import { canonicalJson } from "./canonical-json.ts";

/** When an entry was made. */
export interface Stamp {
  readonly nowMs: number;
  readonly monotonicMs: number;
}

/** What composing needs to know. */
export interface ComposeOptions {
  /** Digests of what held secrets are made with the log's key, or not at all. */
  readonly digest: Digest | undefined;
  /** Longer arguments are left out; their length and digest stay. */
  readonly maxArgumentsBytes: number;
}

/** Turns a draft into the canonical bytes of a record, as text. Throws `ERR_AUDIT_ENTRY` for what JSON cannot carry. */
export function composeRecord(draft: AuditDraft, stamp: Stamp, options: ComposeOptions): string {
  const at = new Date(stamp.nowMs).toISOString();
  const monotonicMs = Math.round(stamp.monotonicMs * 1000) / 1000;
  const record =
    draft.kind === "event"
      ? composeEvent(draft, { at, monotonicMs })
      : composeCall(draft, { at, monotonicMs }, options);
  return canonicalJson(record);
}

type Times = Pick<CallBegan, "at" | "monotonicMs">;

// The fields are in the order of canonical JSON, which makes writing them quick.

function composeEvent(draft: SecurityEventDraft, times: Times): object {
  return {
    at: times.at,
    client: cleanClient(draft.client),
    details: draft.details === undefined ? undefined : redact(draft.details).value,
    event: draft.event,
    kind: draft.kind,
    monotonicMs: times.monotonicMs,
    principal: clean(draft.principal),
    requestId: clean(draft.requestId),
    sessionId: clean(draft.sessionId),
    traceId: clean(draft.traceId),
    v: entryVersion,
  };
}

function composeCall(
  draft: CallBeganDraft | CallEndedDraft,
  times: Times,
  options: ComposeOptions,
): object {
  const given = describeArguments(draft, options);
  const ended = draft.kind === "call-ended" ? draft : undefined;
  const result = describeResult(ended?.result, options);
  return {
    agent: clean(draft.agent),
    arguments: given?.value,
    argumentsBytes: given?.bytes,
    argumentsDigest: given?.digest,
    at: times.at,
    backend: clean(draft.backend),
    client: cleanClient(draft.client),
    decision: cleanDecision(draft.decision),
    durationMs: ended?.durationMs,
    errorCode: clean(ended?.errorCode),
    kind: draft.kind,
    monotonicMs: times.monotonicMs,
    outcome: ended?.outcome,
    principal: clean(draft.principal),
    requestId: clean(draft.requestId),
    resultBytes: result?.bytes,
    resultDigest: result?.digest,
    risk: draft.risk,
    sessionId: clean(draft.sessionId),
    source: clean(draft.source),
    tool: redactText(draft.tool),
    traceId: clean(draft.traceId),
    v: entryVersion,
    via: clean(draft.via),
  };
}

function describeArguments(
  { arguments: raw, inputSchema }: CallBeganDraft | CallEndedDraft,
  options: ComposeOptions,
): { value: CallBegan["arguments"]; bytes: number; digest: string | undefined } | undefined {
  if (raw === undefined) return undefined;
  const original = canonicalJson(raw);
  const bytes = Buffer.byteLength(original);
  const { value, count } = redact(raw, inputSchema && secretMarks(inputSchema));
  return {
    value: bytes > options.maxArgumentsBytes ? undefined : value,
    bytes,
    digest: digestOf(original, count > 0, options),
  };
}

function describeResult(
  result: unknown,
  options: ComposeOptions,
): { bytes: number; digest: string | undefined } | undefined {
  if (result === undefined) return undefined;
  const text = canonicalJson(result);
  return { bytes: Buffer.byteLength(text), digest: digestOf(text, true, options) };
}

/** Without a key, anyone could try all short secrets against a digest, so there is none for what may hold one. */
function digestOf(text: string, isSecret: boolean, { digest }: ComposeOptions): string | undefined {
  if (digest !== undefined) return digest(text);
  return isSecret ? undefined : plainDigest(text);
}

// Callers choose most of these texts freely, so a secret may stand in any of them.

function clean(text: string | undefined): string | undefined {
  return text === undefined ? undefined : redactText(text);
}

function cleanClient(client: CallBegan["client"]): CallBegan["client"] {
  return client && { name: redactText(client.name), version: clean(client.version) };
}

function cleanDecision(decision: CallBegan["decision"]): CallBegan["decision"] {
  return (
    decision && {
      reason: clean(decision.reason),
      rule: clean(decision.rule),
      verdict: decision.verdict,
    }
  );
}
