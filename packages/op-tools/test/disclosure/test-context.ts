import { silentLogger } from "op-core";
import type { ToolContext } from "op-tools";

/** A context of a call that nobody cancels and nobody can be asked in. */
export function createTestContext(): ToolContext {
  return {
    signal: new AbortController().signal,
    requestId: "request-1",
    principal: { id: "unix:uid=0", scopes: [] },
    sessionId: "session-1",
    logger: silentLogger,
    ask: () => Promise.reject(new Error("nobody is there")),
    reportProgress: () => undefined,
    logToClient: () => undefined,
    meta: {},
  };
}
