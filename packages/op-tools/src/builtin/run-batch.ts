import { createSemaphore } from "op-core";
import { AskUnavailableError } from "../tool-error.ts";
import type { Ask } from "../tool/ask.ts";
import { withPart } from "../tool/derive-context.ts";
import { errorResult } from "../tool/error-result.ts";
import type { ToolContext } from "../tool/tool-context.ts";
import type { ToolDescriptor } from "../tool/tool-descriptor.ts";
import type { ContentBlock, ToolResult } from "../tool/tool-result.ts";
import { BatchProgress } from "./batch-progress.ts";
import type { BuiltinAccess } from "./builtin-access.ts";
import { callByName, type NamedCall } from "./call-by-name.ts";

/** How calls are made together. */
export interface BatchOptions {
  readonly access: BuiltinAccess;
  readonly context: ToolContext;
  /** The tool that makes them. */
  readonly via: string;
  /** May refuse a tool before it is called. */
  readonly check: ((tool: ToolDescriptor) => void) | undefined;
}

/** So many run at the same time; the others wait for their turn. */
const mostAtOnce = 5;

/**
 * Makes calls together, each through the whole middleware as if it came alone, and answers with one result each, in
 * their order. A call that fails is a result that says so. Rejects only when the caller cancels.
 */
export async function runBatch(
  calls: readonly NamedCall[],
  { access, context, via, check }: BatchOptions,
): Promise<ToolResult> {
  const { signal, logger } = context;
  const turns = createSemaphore({ permits: mostAtOnce, maxQueue: calls.length });
  const progress = new BatchProgress(calls.length, context.reportProgress);
  const runOne = async (call: NamedCall, index: number): Promise<ToolResult> => {
    // What is kept for a request while it runs is kept for each of these calls apart.
    const requestId = `${context.requestId}.${index + 1}`;
    const reportProgress = progress.reporterOf(index, call.name);
    const part = withPart(context, { requestId, via, ask: refuseToAsk, reportProgress });
    try {
      return await turns.run(() => callByName(call, access, part, check), { signal });
    } catch (error) {
      return errorResult(error, { requestId, logger });
    } finally {
      progress.finish(index, call.name);
    }
  };
  const results = await Promise.all(calls.map(runOne));
  signal.throwIfAborted();
  return toResult(calls, results);
}

/** A client of the newer era answers by repeating the request, and all of its calls would run again. */
const refuseToAsk: Ask = () =>
  Promise.reject(
    new AskUnavailableError(
      "calls made together wait for nobody's answer.",
      "Call this tool by itself, directly or with call_tool.",
    ),
  );

/** The whole answer twice, as every client reads it: as content, and as data. */
function toResult(calls: readonly NamedCall[], results: readonly ToolResult[]): ToolResult {
  const named = results.map((result, index) => ({ name: calls[index]?.name ?? "", ...result }));
  const isFailure = results.every(({ isError }) => isError === true);
  return {
    content: named.flatMap(({ name, isError, content }, index): readonly ContentBlock[] => [
      { type: "text", text: `${index + 1}. ${name}${isError === true ? " failed" : ""}` },
      ...content,
    ]),
    structuredContent: JSON.parse(JSON.stringify({ results: named })),
    ...(isFailure ? { isError: true } : {}),
  };
}
