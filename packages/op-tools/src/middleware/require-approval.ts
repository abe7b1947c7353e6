import { hash } from "node:crypto";
import { LRUCache } from "lru-cache";
import { canonicalJson, type Clock, isOpError, systemClock } from "op-core";
import { AskUnavailableError } from "../tool-error.ts";
import type { Answer } from "../tool/ask.ts";
import type { CallEffect } from "../tool/call-effect.ts";
import { approvalQuestion } from "./approval-question.ts";
import { keyOf } from "./cache-result.ts";
import { defaultPriority, type MiddlewareOptions } from "./default-priority.ts";
import { expireAfter } from "./expiry.ts";
import { ApprovalDeclinedError, ApprovalUnavailableError } from "./middleware-error.ts";
import type { Middleware, ToolCall } from "./middleware.ts";
import type { PendingApproval } from "./pending-approval.ts";
import type { RequireApprovalConfig } from "./require-approval-config.ts";

/** What requiring approval takes. */
export interface RequireApprovalOptions extends MiddlewareOptions, Partial<RequireApprovalConfig> {
  readonly clock?: Clock;
  /** Which calls need a yes and how long it counts, instead of `risks` and `rememberMs`. */
  demandOf?(call: ToolCall, effect: CallEffect): ApprovalDemand | undefined;
  /** What a call would do; asked of its tool where this does not know. */
  effectOf?(call: ToolCall): CallEffect | undefined;
  /** Whether somebody agreed by another way, asked where the client cannot ask. May reject with its own refusal. */
  isApprovedElsewhere?(pending: PendingApproval): Promise<boolean>;
  /** Is told each answer. */
  onAnswer?(isApproved: boolean, pending: PendingApproval): void;
}

/** That a call needs a yes. */
export interface ApprovalDemand {
  /** How long a yes counts for the very same call; 0 is for this one alone. */
  readonly rememberMs: number;
}

const mostRemembered = 1000;

const defaultRisks: RequireApprovalConfig["risks"] = ["destructive", "privileged"];

/**
 * Asks the person behind the client before a risky call runs. Rejects with `ERR_APPROVAL_DECLINED` when they do not
 * agree, and with `ERR_APPROVAL_UNAVAILABLE` when they cannot be asked.
 */
export function requireApproval(options: RequireApprovalOptions): Middleware {
  const { risks = defaultRisks, rememberMs = 0, clock = systemClock } = options;
  const demandOf = options.demandOf?.bind(options) ?? demandByRisk({ risks, rememberMs });
  const approved = new LRUCache<string, true>({ max: mostRemembered, ...expireAfter(1, clock) });
  const check = (call: ToolCall, effect: CallEffect): Promise<undefined> | undefined => {
    const demand = demandOf(call, effect);
    if (demand === undefined) return undefined;
    const pending = { call, effect, key: digestOf(call, effect) };
    if (approved.has(pending.key)) return undefined;
    return obtain(pending, options).then(() => {
      if (demand.rememberMs > 0) approved.set(pending.key, true, { ttl: demand.rememberMs });
      return undefined;
    });
  };
  return {
    name: "require-approval",
    priority: options.priority ?? defaultPriority.requireApproval,
    // A call never has a greater risk than its tool, but any call that changes something may need a yes.
    appliesTo: ({ risk }) =>
      options.demandOf !== undefined || risk !== "read" || risks.includes(risk),
    before: (call) => {
      const known = options.effectOf?.(call);
      if (known !== undefined) return check(call, known);
      return effectOf(call).then((effect) => check(call, effect));
    },
  };
}

function demandByRisk({ risks, rememberMs }: RequireApprovalConfig) {
  return (_call: ToolCall, { risk, needsApproval = false }: CallEffect) =>
    needsApproval || risks.includes(risk) ? { rememberMs } : undefined;
}

function effectOf(call: ToolCall): Promise<CallEffect> {
  const { name, title = name, risk } = call.tool;
  return call.inspector?.effectOf(call) ?? Promise.resolve({ risk, summary: title });
}

/** Calls are remembered by their digest: their arguments may hold secrets. */
function digestOf(call: ToolCall, { risk, subject = "" }: CallEffect): string {
  return hash("sha256", canonicalJson([keyOf(call), risk, subject]));
}

async function obtain(pending: PendingApproval, options: RequireApprovalOptions): Promise<void> {
  const { call } = pending;
  const action = await answerTo(pending, options);
  options.onAnswer?.(action === "accept", pending);
  if (action !== "accept") throw new ApprovalDeclinedError(call.tool.name, action);
}

async function answerTo(
  pending: PendingApproval,
  options: RequireApprovalOptions,
): Promise<Answer["action"]> {
  const { call } = pending;
  try {
    const { action } = await call.context.ask(approvalQuestion(pending));
    return action;
  } catch (error) {
    if (!isOpError(error) || error.code !== AskUnavailableError.code) throw error;
    if ((await options.isApprovedElsewhere?.(pending)) === true) return "accept";
    throw new ApprovalUnavailableError(call.tool, error);
  }
}
