import { systemClock, type Clock, type Logger, type Tracer } from "op-core";
import {
  createMcpServer,
  createStreamTransport,
  openStandardInput,
  watchForLeave,
  type McpHost,
  type LeaveReason,
} from "op-protocol";
import type { Principal } from "op-tools";
import { ownPrincipalId } from "../access/own-user.ts";

/** How the standard streams are served. */
export interface ServeStdioOptions {
  readonly host: McpHost;
  /** stdout as the guard returned it; nobody else writes there. */
  readonly output: NodeJS.WritableStream & NodeJS.WriteStream;
  readonly logger: Logger;
  readonly clock?: Clock;
  readonly tracer?: Tracer | undefined;
}

/** Answers to what was already read get this long after the client closed our input. */
const lastAnswersMs = 250;

/** Whoever spawned this process is who calls: over standard streams the operating system has authenticated it. */
function localPrincipal(): Principal {
  return { id: ownPrincipalId(), scopes: [] };
}

/**
 * Serves one client on stdin and stdout. Resolves when it is time to leave: the client closed stdin or stopped
 * reading, a signal came, or the parent died. What is in flight is then aborted, except that answers to requests that
 * came before the end of stdin may still leave for a moment.
 */
export async function serveStdio(options: ServeStdioOptions): Promise<"stdin-ended" | LeaveReason> {
  const { host, output, logger, clock = systemClock, tracer } = options;
  const told = Promise.withResolvers<LeaveReason>();
  using _watch = watchForLeave(clock, told.resolve);
  await using server = createMcpServer({
    host,
    logger,
    clock,
    ...(tracer === undefined ? {} : { tracer }),
  });
  const transport = createStreamTransport({ input: openStandardInput(), output });
  const connection = server.connect(transport, localPrincipal());
  const reason = await Promise.race([
    told.promise,
    connection.ended.then(() => "stdin-ended" as const),
  ]);
  if (reason === "stdin-ended") await settle(connection.whenIdle(), clock);
  return reason;
}

async function settle(idle: Promise<void>, clock: Clock): Promise<void> {
  const late = Promise.withResolvers<void>();
  using _timer = clock.startTimer(lastAnswersMs, late.resolve);
  await Promise.race([idle, late.promise]);
}
