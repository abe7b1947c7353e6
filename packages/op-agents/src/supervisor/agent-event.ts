import type { AgentState } from "./agent-state.ts";

/** What happened to the agents. */
export type AgentEvent =
  | {
      readonly kind: "agent-changed";
      readonly atMs: number;
      readonly type: string;
      readonly agent: string;
      readonly state: AgentState;
      readonly previous: AgentState;
    }
  | {
      readonly kind: "restart-scheduled";
      readonly atMs: number;
      readonly type: string;
      /** Failures in a row. */
      readonly failures: number;
      readonly delayMs: number;
    }
  /** No more agents of the type are started until somebody asks for it. */
  | {
      readonly kind: "type-given-up";
      readonly atMs: number;
      readonly type: string;
      readonly reason: string;
    }
  | {
      readonly kind: "health-checked";
      readonly atMs: number;
      readonly healthy: number;
      readonly unhealthy: readonly string[];
    };

/** Passes events on to everybody who listens. */
export interface AgentEventFeed {
  publish(event: AgentEvent): void;
  /** Events from now on; a listener that falls behind loses the oldest. Ends when the feed closes. */
  listen(options: { readonly signal: AbortSignal }): AsyncIterable<AgentEvent>;
  close(): void;
}

/** How many events wait for a slow listener. */
const backlogLength = 1024;

interface Listener {
  readonly backlog: AgentEvent[];
  wake: () => void;
}

/** Makes a feed that nobody listens to yet. */
export function createAgentEventFeed(): AgentEventFeed {
  const listeners = new Set<Listener>();
  let isClosed = false;
  return {
    publish: (event) => {
      for (const { backlog, wake } of listeners) {
        backlog.push(event);
        if (backlog.length > backlogLength) backlog.shift();
        wake();
      }
    },
    listen: ({ signal }) => {
      const listener: Listener = { backlog: [], wake: () => undefined };
      listeners.add(listener);
      const leave = () => {
        listeners.delete(listener);
        listener.wake();
      };
      signal.addEventListener("abort", leave, { once: true });
      return readBacklog(listener, { isOver: () => isClosed || signal.aborted, leave });
    },
    close: () => {
      isClosed = true;
      for (const { wake } of listeners) wake();
      listeners.clear();
    },
  };
}

interface ListenerEnd {
  readonly isOver: () => boolean;
  readonly leave: () => void;
}

async function* readBacklog(listener: Listener, { isOver, leave }: ListenerEnd) {
  try {
    for (;;) {
      const next = listener.backlog.shift();
      if (next !== undefined) yield next;
      else if (isOver()) return;
      else await new Promise<void>((resolve) => (listener.wake = resolve));
    }
  } finally {
    leave();
  }
}
