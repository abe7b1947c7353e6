import { isOpError } from "op-core";
import type { AuditOutcome } from "op-audit";
import { errorMetaKey, type Outcome, type ToolResult } from "op-tools";

/** How a call ended, as the audit log says it. */
export interface AuditedOutcome {
  readonly outcome: AuditOutcome;
  readonly errorCode?: string;
}

/** Errors by which a call is refused before it does anything. */
const refusals: ReadonlySet<string> = new Set([
  "ERR_APPROVAL_BACKLOG",
  "ERR_APPROVAL_CODE",
  "ERR_APPROVAL_DECLINED",
  "ERR_APPROVAL_UNAVAILABLE",
  "ERR_AUDIT_UNAVAILABLE",
  "ERR_CIRCUIT_OPEN",
  "ERR_DBUS_ACCESS_DENIED",
  "ERR_LIMIT_EXCEEDED",
  "ERR_POLICY_DENIED",
  "ERR_PREVIEW_UNAVAILABLE",
  "ERR_QUEUE_FULL",
  "ERR_RATE_LIMITED",
  "ERR_TOOL_INPUT_INVALID",
  "ERR_TOOL_CHANGED",
  "ERR_TOOL_NOT_READONLY",
  "ERR_TOOL_QUARANTINED",
]);

/** What agents say when they refuse a task before they do anything of it. */
const agentRefusals: ReadonlySet<string> = new Set([
  "ERR_COMMAND_MALFORMED",
  "ERR_COMMAND_REFUSED",
  "ERR_INPUT_MALFORMED",
  "ERR_NOT_AUTHORIZED",
  "ERR_PLACE_REFUSED",
  "ERR_UNIT_NAME",
  "ERR_UNIT_REFUSED",
]);

const timeouts: ReadonlySet<string> = new Set([
  "ERR_TOOL_TIMEOUT",
  "ERR_DBUS_TIMEOUT",
  "ERR_DEADLINE_EXCEEDED",
]);

/** Tells refusals, timeouts, cancelled calls and failures apart by their codes. */
export function outcomeOf(outcome: Outcome, signal: AbortSignal): AuditedOutcome {
  if (outcome.kind === "failed") {
    return ofError(outcome.error, signal);
  }
  if (outcome.result.isError !== true) return { outcome: "ok" };
  return ofCode(codeIn(outcome.result), signal);
}

function ofError(error: unknown, signal: AbortSignal): AuditedOutcome {
  if (!isOpError(error)) return ofCode("ERR_INTERNAL", signal);
  const reason = error.code === "ERR_AGENT_TASK" ? error.data["reason"] : undefined;
  if (typeof reason === "string" && agentRefusals.has(reason)) {
    return { outcome: "refused", errorCode: reason };
  }
  return ofCode(error.code, signal);
}

function ofCode(errorCode: string | undefined, signal: AbortSignal): AuditedOutcome {
  if (errorCode !== undefined && refusals.has(errorCode)) return { outcome: "refused", errorCode };
  const named = errorCode === undefined ? {} : { errorCode };
  if (signal.aborted) return { outcome: "cancelled", ...named };
  if (errorCode !== undefined && timeouts.has(errorCode)) return { outcome: "timed-out", ...named };
  return { outcome: "failed", ...named };
}

function codeIn({ _meta }: ToolResult): string | undefined {
  const error = _meta?.[errorMetaKey];
  if (typeof error !== "object" || error === null || !("code" in error)) return undefined;
  return typeof error["code"] === "string" ? error["code"] : undefined;
}
