import { hasKnownForm, type Middleware, type ToolCall, type ToolResult } from "op-tools";
import type { CallTrails } from "../audit/call-trail.ts";
import type { Limiter } from "../policy/limiter.ts";

/** What holding calls to the policy's limits takes. */
export interface LimitCallsOptions {
  readonly limiter: Limiter;
  readonly trails: CallTrails;
  readonly priority: number;
}

/** Holds calls to the limits of the policy: rates, sizes, calls at the same time, and budgets of a session. */
export function limitCalls({ limiter, trails, priority }: LimitCallsOptions): Middleware {
  return {
    name: "limit-calls",
    priority,
    around: async (call, next) => {
      const { principal, sessionId } = call.context;
      const risk = trails.of(call.context)?.effect?.risk ?? call.tool.risk;
      const { name: tool, source } = call.tool;
      const limited = { principal, tool, source, risk };
      const entered = limiter.enter(limited, sessionId, argumentBytes(call));
      using ticket = entered instanceof Promise ? await entered : entered;
      const result = await next(call);
      ticket.leave(resultBytes(result));
      return result;
    },
  };
}

function argumentBytes({ args }: ToolCall): number {
  return Buffer.byteLength(JSON.stringify(args));
}

/** What a result weighs: its texts, its data, and what is encoded in it. */
function resultBytes({ content, structuredContent }: ToolResult): number {
  let bytes = structuredContent === undefined ? 0 : JSON.stringify(structuredContent).length;
  for (const block of content) {
    if (block.type === "text" && hasKnownForm(block)) bytes += block.text.length;
    else bytes += JSON.stringify(block).length;
  }
  return bytes;
}
