import { hash } from "node:crypto";
import { LRUCache } from "lru-cache";
import { isOpError, systemClock, type Clock } from "op-core";
import { AskUnavailableError } from "../tool-error.ts";
import type { Answer } from "../tool/ask.ts";
import { approvalQuestion } from "./approval-question.ts";
import { keyOf } from "./cache-result.ts";
import { defaultPriority, type MiddlewareOptions } from "./default-priority.ts";
import { expireAfter } from "./expiry.ts";
import { ApprovalDeclinedError, ApprovalUnavailableError } from "./middleware-error.ts";
import type { Middleware, ToolCall } from "./middleware.ts";
import type { RequireApprovalConfig } from "./require-approval-config.ts";

/** What requiring approval takes. */
export interface RequireApprovalOptions extends MiddlewareOptions, RequireApprovalConfig {
  readonly clock?: Clock;
}

const mostRemembered = 1000;

/**
 * Asks the person behind the client before a risky tool runs. Rejects with `ERR_APPROVAL_DECLINED` when they do not
 * agree, and with `ERR_APPROVAL_UNAVAILABLE` when they cannot be asked.
 */
export function requireApproval(options: RequireApprovalOptions): Middleware {
  const { risks, rememberMs, clock = systemClock } = options;
  const approved = createApprovals(rememberMs, clock);
  return {
    name: "require-approval",
    priority: options.priority ?? defaultPriority.requireApproval,
    appliesTo: ({ risk }) => risks.includes(risk),
    before: async (call) => {
      const key = approved.keyOf(call);
      if (approved.has(key)) return undefined;
      const { action } = await ask(call);
      if (action !== "accept") throw new ApprovalDeclinedError(call.tool.name, action);
      approved.add(key);
      return undefined;
    },
  };
}

async function ask(call: ToolCall): Promise<Answer> {
  try {
    return await call.context.ask(approvalQuestion(call));
  } catch (error) {
    if (isOpError(error) && error.code === AskUnavailableError.code) {
      throw new ApprovalUnavailableError(call.tool, error);
    }
    throw error;
  }
}

interface Approvals {
  keyOf(call: ToolCall): string;
  has(key: string): boolean;
  add(key: string): void;
}

/** Calls are remembered by their digest: their arguments may hold secrets. */
function createApprovals(rememberMs: number, clock: Clock): Approvals {
  if (rememberMs === 0) return { keyOf: () => "", has: () => false, add: () => undefined };
  const known = new LRUCache<string, true>({
    max: mostRemembered,
    ...expireAfter(rememberMs, clock),
  });
  return {
    keyOf: (call) => hash("sha256", keyOf(call)),
    has: (key) => known.has(key),
    add: (key) => {
      known.set(key, true);
    },
  };
}
