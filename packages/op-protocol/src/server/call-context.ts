import type { Clock, Logger, Span } from "op-core";
import type { Ask, ToolContext } from "op-tools";
import { logLevels } from "../revisions/envelope.ts";
import { createAsk } from "./ask.ts";
import type { Exchange } from "./exchange.ts";
import type { RequestStates } from "./request-state.ts";

/** What every connection of a server shares. */
export interface CallServices {
  readonly states: RequestStates;
  readonly logger: Logger;
  readonly clock: Clock;
}

/** A logger that names the call in every line. Most calls log nothing, so it is made with the first line. */
function createCallLogger(logger: Logger, requestId: string, span: Span | undefined): Logger {
  let child: Logger | undefined;
  const ids = span === undefined ? {} : { trace_id: span.traceId, span_id: span.spanId };
  const named = (): Logger => (child ??= logger.child({ requestId, ...ids }));
  return {
    debug: (message, fields) => named().debug(message, fields),
    info: (message, fields) => named().info(message, fields),
    warn: (message, fields) => named().warn(message, fields),
    error: (message, fields) => named().error(message, fields),
    child: (fields) => named().child(fields),
  };
}

function createProgress({ meta, signal, notify }: Exchange): ToolContext["reportProgress"] {
  const { progressToken } = meta;
  if (typeof progressToken !== "string" && !Number.isInteger(progressToken)) return () => undefined;
  let last = -Infinity;
  return (update) => {
    // The protocol demands that progress grows; an update that does not would be a protocol error of ours.
    if (signal.aborted || update.progress <= last) return;
    last = update.progress;
    notify("notifications/progress", { progressToken, ...update });
  };
}

function createClientLog({ logLevel, signal, notify }: Exchange): ToolContext["logToClient"] {
  if (logLevel === undefined) return () => undefined;
  const least = logLevels.indexOf(logLevel);
  return (level, data) => {
    if (signal.aborted || logLevels.indexOf(level) < least) return;
    notify("notifications/message", { level, logger: "op-mcp", data });
  };
}

/** What surrounds one tool call: plain data and functions, so that a middleware may copy it with a part replaced. */
export function createCallContext(exchange: Exchange, services: CallServices): ToolContext {
  const { sessionId, id, signal, principal, meta, client, transport, span } = exchange;
  const requestId = `${sessionId}:${id}`;
  let ask: Ask | undefined;
  return {
    requestId,
    signal,
    principal,
    sessionId,
    transport,
    meta,
    ...(client === undefined ? {} : { client }),
    ...(span === undefined ? {} : { span }),
    logger: createCallLogger(services.logger, requestId, span),
    // Most calls ask nothing.
    get ask(): Ask {
      return (ask ??= createAsk(exchange, services.states));
    },
    reportProgress: createProgress(exchange),
    logToClient: createClientLog(exchange),
  };
}
