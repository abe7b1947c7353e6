import { createSemaphore, type Clock, type Logger, type Timer } from "op-core";
import type { AgentBus } from "../backend/agent-bus.ts";
import type { ExecutionBackend } from "../backend/execution-backend.ts";
import type { AgentSpec } from "../spec/agent-spec.ts";
import { createAgentEventFeed, type AgentEvent, type AgentEventFeed } from "./agent-event.ts";
import { AgentGroup } from "./agent-group.ts";
import { checkHealth, type HealthReport } from "./check-health.ts";
import type { AgentInstance } from "./agent-instance.ts";
import { createSlotClaims } from "./slot-claims.ts";

/** What a supervisor stands on. */
export interface SupervisorOptions {
  readonly backend: ExecutionBackend;
  readonly bus?: AgentBus | undefined;
  readonly specs: readonly AgentSpec[];
  readonly startsWith: "pool" | "first-task";
  /** How many agents there are at most, of all types together. */
  readonly maxAgents: number;
  readonly healthIntervalMs: number;
  readonly healthDeadlineMs: number;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly random: () => number;
  /** Something changed for the tasks of a type. */
  readonly onChange: (type: string) => void;
}

/** Keeps agents of all types running. Disposing ends them all. */
export interface Supervisor extends AsyncDisposable {
  readonly groups: ReadonlyMap<string, AgentGroup>;
  readonly agents: readonly AgentInstance[];
  /** Takes in a further type; its agents start with their first task. */
  add(spec: AgentSpec): AgentGroup;
  /** Ends the agents of a type, and forgets it. */
  remove(type: string): Promise<void>;
  /** What happens from now on. */
  events(options: { readonly signal: AbortSignal }): AsyncIterable<AgentEvent>;
  /** Checks the health of all agents now, besides every interval. */
  checkHealth(options: { readonly signal: AbortSignal }): Promise<HealthReport>;
}

/**
 * Starts the fewest agents of each type, those with the smallest priority first, and resolves when each has been tried;
 * or starts none, where they start with their first task. An agent that can't be started does not keep the others from it.
 */
export async function openSupervisor(
  options: SupervisorOptions,
  { signal }: { readonly signal: AbortSignal },
): Promise<Supervisor> {
  const { startsWith, clock, healthIntervalMs, healthDeadlineMs } = options;
  const feed = createAgentEventFeed();
  await using opened = new AsyncDisposableStack();
  opened.defer(() => feed.close());
  const { groups, add } = createGroups(options, feed);
  opened.defer(async () => {
    await Promise.all(
      [...groups.values()].map(async (group) => await group[Symbol.asyncDispose]()),
    );
  });
  const agents = () => [...groups.values()].flatMap((group) => group.agents);

  if (startsWith === "pool") await startInOrder([...groups.values()], signal);
  const check = async (wanted: AbortSignal) => {
    const report = await checkHealth(agents(), {
      deadlineMs: healthDeadlineMs,
      clock,
      signal: wanted,
    });
    feed.publish({ kind: "health-checked", atMs: clock.now(), ...report });
    return report;
  };
  opened.use(repeat(healthIntervalMs, clock, check));
  const owned = opened.move();
  return {
    groups,
    get agents() {
      return agents();
    },
    add,
    remove: async (type) => {
      const group = groups.get(type);
      groups.delete(type);
      await group?.[Symbol.asyncDispose]();
    },
    events: (listening) => feed.listen(listening),
    checkHealth: async ({ signal: wanted }) => await check(wanted),
    [Symbol.asyncDispose]: async () => await owned.disposeAsync(),
  };
}

/** The groups of all types, which share the places for agents. */
function createGroups(options: SupervisorOptions, feed: AgentEventFeed) {
  const { specs, maxAgents } = options;
  const groups = new Map<string, AgentGroup>();
  const slots = createSemaphore({ permits: maxAgents, maxQueue: 0, what: "An agent" });
  const claims = createSlotClaims(groups);
  const parts = {
    ...options,
    slots,
    publish: (event: AgentEvent) => feed.publish(event),
    onSlotFree: () => {
      for (const group of claims.order()) group.fill();
    },
    onStarved: (type: string) => claims.add(type),
    onChange: (type: string) => {
      options.onChange(type);
      claims.serve();
    },
  };
  const add = (spec: AgentSpec) => {
    const group = new AgentGroup(spec, parts);
    groups.set(spec.type, group);
    return group;
  };
  for (const spec of specs) add(spec);
  return { groups, add };
}

async function startInOrder(groups: readonly AgentGroup[], signal: AbortSignal): Promise<void> {
  const priorities = new Set(groups.map(({ spec }) => spec.priority));
  for (const priority of [...priorities].toSorted((left, right) => left - right)) {
    signal.throwIfAborted();
    const next = groups.filter(({ spec }) => spec.priority === priority);
    for (const group of next) group.want(group.spec.instances.min);
    await Promise.all(next.map(async (group) => await group.settled()));
  }
  signal.throwIfAborted();
}

/** Does the work again and again, each time so long after the last time ended; disposing waits for the work. */
function repeat(
  intervalMs: number,
  clock: Clock,
  work: (signal: AbortSignal) => Promise<unknown>,
): AsyncDisposable {
  const stop = new AbortController();
  let round = Promise.resolve();
  const again = async () => {
    // Work that was stopped fails; what else can go wrong is in its report.
    await work(stop.signal).catch(() => undefined);
    if (!stop.signal.aborted) timer = schedule();
  };
  const schedule = () =>
    clock.startTimer(intervalMs, () => {
      round = again();
    });
  let timer: Timer = schedule();
  return {
    [Symbol.asyncDispose]: async () => {
      timer[Symbol.dispose]();
      stop.abort();
      await round;
    },
  };
}
