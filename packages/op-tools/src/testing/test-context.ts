import { silentLogger } from "op-core";
import { AskUnavailableError } from "../tool-error.ts";
import type { ToolContext } from "../tool/tool-context.ts";

/** What surrounds a call that nobody cancels and in which nobody can be asked. */
export function createTestContext(more: Partial<ToolContext> = {}): ToolContext {
  return {
    signal: new AbortController().signal,
    requestId: "test",
    principal: { id: "test", scopes: [] },
    sessionId: "test",
    logger: silentLogger,
    ask: ({ message }) => Promise.reject(new AskUnavailableError(message)),
    reportProgress: () => undefined,
    logToClient: () => undefined,
    meta: {},
    ...more,
  };
}
