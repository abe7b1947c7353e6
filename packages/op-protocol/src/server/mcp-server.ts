import { randomBytes } from "node:crypto";
import { silentLogger, systemClock, type Clock, type Logger, type Tracer } from "op-core";
import type { Principal } from "op-tools";
import { toJsonRpcError } from "../errors/to-json-rpc-error.ts";
import type { RpcMessage, RpcRequest, RpcResponse } from "../json-rpc/json-rpc-message.ts";
import { createCompletionMethods } from "../methods/completion.ts";
import { createPromptMethods } from "../methods/prompts.ts";
import { createResourceMethods } from "../methods/resources.ts";
import { createSessionMethods } from "../methods/session.ts";
import { createSubscriptionMethods, listenMethod } from "../methods/subscriptions.ts";
import { createToolMethods } from "../methods/tools.ts";
import type { Envelope } from "../revisions/envelope.ts";
import type { Sender, Transport } from "../transports/transport.ts";
import { createChangeFeed, type ChangeFeed } from "./change-feed.ts";
import { nameConnection } from "./connection-name.ts";
import { connect, type McpConnection } from "./connection.ts";
import { createDispatch, metaOf, noParams, type Dispatch } from "./dispatch.ts";
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
  /** Makes the answering of each request visible, as a span. */
  readonly tracer?: Tracer;
}

/** A request of the stateless era that came alone, as over HTTP. */
export interface SoleRequest extends Sender {
  readonly request: RpcRequest;
  readonly envelope: Envelope;
  /** The kind of transport it came by. */
  readonly transport: string;
  /** Aborts when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
  /** Aborts when a request that stays open should end with an answer. */
  readonly leaving: AbortSignal;
  /** Takes the notifications that belong to the request. */
  readonly notify: (notification: RpcMessage) => void;
}

/** Serves one host to any number of clients. */
export interface McpServer extends AsyncDisposable {
  readonly host: McpHost;
  /** Serves the client at the other end of a transport, on behalf of a principal. */
  connect(transport: Transport, principal: Principal): McpConnection;
  /** Answers one request without any connection; never rejects. */
  answer(request: SoleRequest): Promise<RpcResponse>;
  /** Ends open subscriptions with an answer, and each connection as soon as nothing else is in flight on it. */
  drain(): Promise<void>;
}

const defaultMaxInFlight = 1024;

interface MethodParts {
  readonly options: McpServerOptions;
  readonly feed: ChangeFeed;
  readonly clock: Clock;
  readonly logger: Logger;
}

function createMethods({ options, feed, clock, logger }: MethodParts): MethodTable {
  const { host, pageSize = defaultPageSize } = options;
  let { key } = options;
  const keyOf = (): Uint8Array => (key ??= randomBytes(32));
  const pager = createPager(createSeal(keyOf, "cursor"), pageSize);
  const states = createRequestStates(createSeal(keyOf, "request-state"), clock);
  return {
    ...createSessionMethods(host),
    ...createToolMethods(host, pager, { states, logger }),
    ...createResourceMethods(host, pager, { states, logger }),
    ...createPromptMethods(host, pager, { states, logger }),
    ...createCompletionMethods(host, { states, logger }),
    ...createSubscriptionMethods({ feed, sources: host.resources }),
  };
}

/** Answers requests that stand alone. */
function createAnswer(
  dispatch: Dispatch,
  serverLeaving: AbortSignal,
  logger: Logger,
): McpServer["answer"] {
  return async ({ request, envelope, signal, leaving, notify, ...from }) => {
    const { id } = request;
    const { revision, client, capabilities, logLevel } = envelope;
    const sessionId = nameConnection();
    let isOver = false;
    try {
      const { method, params = noParams } = request;
      const result = await dispatch({
        ...from,
        id,
        method,
        params,
        meta: metaOf(params),
        speech: { era: "modern", revision },
        client,
        capabilities,
        logLevel,
        sessionId,
        signal,
        // Both can only matter to what stays open; any other request would pay for the combination.
        leaving: method === listenMethod ? AbortSignal.any([leaving, serverLeaving]) : leaving,
        notify: (notification, rest) => {
          if (!isOver) notify({ jsonrpc: "2.0", method: notification, params: rest });
        },
      });
      return { jsonrpc: "2.0", id, result };
    } catch (error) {
      const requestId = `${sessionId}:${id}`;
      const origin = { era: "modern", requestId, logger, signal } as const;
      return { jsonrpc: "2.0", id, error: toJsonRpcError(error, origin) };
    } finally {
      isOver = true;
    }
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
  const methods = createMethods({ options, feed, clock, logger });
  const dispatch = createDispatch(methods, host, options.tracer);
  const connections = new Set<McpConnection>();
  return {
    host,
    connect: (transport, principal) => {
      const connection = connect({
        transport,
        principal,
        host,
        methods,
        dispatch,
        leaving: leaving.signal,
        feed,
        logger,
        maxInFlight,
      });
      connections.add(connection);
      void connection.closed.then(() => connections.delete(connection));
      return connection;
    },
    answer: createAnswer(dispatch, leaving.signal, logger),
    drain: async () => {
      leaving.abort();
      const ends = [...connections].map(async (connection) => {
        await connection.whenIdle();
        await connection[Symbol.asyncDispose]();
      });
      await Promise.all(ends);
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
