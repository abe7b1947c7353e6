import { randomBytes } from "node:crypto";
import { silentLogger, systemClock, type Clock, type Logger } from "op-core";
import type { Principal } from "op-tools";
import { createCompletionMethods } from "../methods/completion.ts";
import { createPromptMethods } from "../methods/prompts.ts";
import { createResourceMethods } from "../methods/resources.ts";
import { createSessionMethods } from "../methods/session.ts";
import { createSubscriptionMethods } from "../methods/subscriptions.ts";
import { createToolMethods } from "../methods/tools.ts";
import type { Transport } from "../transports/transport.ts";
import { createChangeFeed } from "./change-feed.ts";
import { connect, type McpConnection } from "./connection.ts";
import type { McpHost } from "./mcp-host.ts";
import type { MethodTable } from "./method.ts";
import { createPager, defaultPageSize } from "./page.ts";
import { createRequestStates } from "./request-state.ts";
import { createSeal } from "./seal.ts";

/** How a server is opened. */
export interface McpServerOptions {
  readonly host: McpHost;
  /** Signs cursors and request state. Processes that serve the same clients share it; random by default. */
  readonly key?: Uint8Array;
  readonly pageSize?: number;
  /** How many requests one client may have in flight. */
  readonly maxInFlight?: number;
  readonly clock?: Clock;
  readonly logger?: Logger;
}

/** Serves one host to any number of clients. */
export interface McpServer extends AsyncDisposable {
  /** Serves the client at the other end of a transport, on behalf of a principal. */
  connect(transport: Transport, principal: Principal): McpConnection;
}

const defaultMaxInFlight = 1024;

interface MethodParts {
  readonly options: McpServerOptions;
  readonly leaving: AbortSignal;
  readonly feed: ReturnType<typeof createChangeFeed>;
  readonly clock: Clock;
  readonly logger: Logger;
}

function createMethods({ options, leaving, feed, clock, logger }: MethodParts): MethodTable {
  const { host, pageSize = defaultPageSize } = options;
  let { key } = options;
  const keyOf = (): Uint8Array => (key ??= randomBytes(32));
  const pager = createPager(createSeal(keyOf, "cursor"), pageSize);
  const states = createRequestStates(createSeal(keyOf, "request-state"), clock);
  return {
    ...createSessionMethods(host),
    ...createToolMethods(host, pager, { states, logger, clock }),
    ...createResourceMethods(host, pager, logger),
    ...createPromptMethods(host, pager, logger),
    ...createCompletionMethods(host),
    ...createSubscriptionMethods(feed, leaving),
  };
}

/**
 * Speaks MCP for a host, in both protocol eras, over any number of transports. Disposing ends open subscriptions with
 * an answer, aborts what is in flight and closes every connection.
 */
export function createMcpServer(options: McpServerOptions): McpServer {
  const {
    host,
    clock = systemClock,
    logger = silentLogger,
    maxInFlight = defaultMaxInFlight,
  } = options;
  const feed = createChangeFeed({ host, clock, logger });
  const leaving = new AbortController();
  const methods = createMethods({ options, leaving: leaving.signal, feed, clock, logger });
  const connections = new Set<McpConnection>();
  return {
    connect: (transport, principal) => {
      const connection = connect({
        transport,
        principal,
        host,
        methods,
        feed,
        logger,
        maxInFlight,
      });
      connections.add(connection);
      void connection.closed.then(() => connections.delete(connection));
      return connection;
    },
    [Symbol.asyncDispose]: async () => {
      leaving.abort();
      // One turn, so that the answers to open subscriptions leave before the transports close.
      await new Promise<void>((resolve) => setImmediate(resolve));
      await Promise.all([...connections].map((connection) => connection[Symbol.asyncDispose]()));
      await feed[Symbol.asyncDispose]();
    },
  };
}
