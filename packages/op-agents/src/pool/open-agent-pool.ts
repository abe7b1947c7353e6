import { DeadlineExceededError, silentLogger, startDeadline, systemClock } from "op-core";
import {
  AgentSpecError,
  AgentUnavailableError,
  PoolClosedError,
  UnknownOperationError,
} from "../agent-error.ts";
import type { AgentSpec, OperationSpec } from "../spec/agent-spec.ts";
import { openSupervisor, type Supervisor } from "../supervisor/open-supervisor.ts";
import type { AgentPool, AgentPoolOptions } from "./agent-pool.ts";
import { createTaskHistory, type TaskHistory } from "./task-history.ts";
import { TaskLane } from "./task-lane.ts";
import { outputOf } from "./output-of.ts";
import { createTaskRecord, limitTask, type TaskRecord } from "./task-record.ts";
import type { Task, TaskRequest } from "./task.ts";

const defaults: Omit<Settings, "backend" | "specs"> = {
  startsWith: "pool",
  maxAgents: 50,
  maxQueued: 1000,
  maxQueuedPerPrincipal: 500,
  historyLength: 1000,
  maxAttempts: 3,
  healthIntervalMs: 10_000,
  healthDeadlineMs: 5000,
  closeMs: 5000,
  clock: systemClock,
  logger: silentLogger,
  random: Math.random,
};

type Settings = Required<Omit<AgentPoolOptions, "bus">> & Pick<AgentPoolOptions, "bus">;

/** Opens a pool; an agent that can't be started fails its tasks, not the pool. */
export async function openAgentPool(
  options: AgentPoolOptions,
  { signal }: { readonly signal: AbortSignal },
): Promise<AgentPool> {
  const settings: Settings = { ...defaults, ...options };
  const types = settings.specs.map(({ type }) => type);
  const twice = types.find((type, index) => types.indexOf(type) !== index);
  if (twice !== undefined) throw new AgentSpecError(twice, "there are two of this type");

  const lanes = new Map<string, TaskLane>();
  await using opened = new AsyncDisposableStack();
  const supervisor = opened.use(
    await openSupervisor(
      { ...settings, onChange: (type) => lanes.get(type)?.dispatch() },
      { signal },
    ),
  );
  for (const group of supervisor.groups.values()) {
    lanes.set(group.spec.type, new TaskLane(group, settings));
  }
  opened.defer(() => {
    for (const lane of lanes.values()) lane[Symbol.dispose]();
  });
  const parts = opened.move();
  return createPool({ settings, supervisor, lanes, close: async () => await parts.disposeAsync() });
}

interface PoolParts {
  readonly settings: Settings;
  readonly supervisor: Supervisor;
  readonly lanes: Map<string, TaskLane>;
  readonly close: () => Promise<void>;
}

function createPool({ settings, supervisor, lanes, close }: PoolParts): AgentPool {
  const history = createTaskHistory(settings.historyLength);
  const open = new Set<TaskRecord>();
  const groupOf = (type: string) => {
    const group = supervisor.groups.get(type);
    if (group === undefined) throw new UnknownOperationError(type, "", [...lanes.keys()]);
    return group;
  };
  const isClosing = { current: false };
  const submit = createSubmit({ settings, lanes, history, open, isClosing });
  let closed: Promise<void> | undefined;
  return {
    get specs() {
      return specsOf(lanes);
    },
    place: settings.backend.place,
    get types() {
      return [...lanes.values()].map((lane) => lane.view);
    },
    get agents() {
      return supervisor.agents;
    },
    submit,
    run: async (request, { signal }) => {
      signal.throwIfAborted();
      return await outputOf(submit(request), { signal });
    },
    find: (id) => history.find(id),
    list: (filter = {}) => history.list(filter),
    add: (spec) => addType(spec, { settings, supervisor, lanes }),
    scale: (type, count) => {
      const group = groupOf(type);
      group.want(Math.max(count, group.spec.instances.min));
    },
    revive: (type) => groupOf(type).revive(),
    events: (listening) => supervisor.events(listening),
    checkHealth: async (wanted) => await supervisor.checkHealth(wanted),
    [Symbol.asyncDispose]: async () => {
      isClosing.current = true;
      closed ??= finish(open, settings).then(close);
      await closed;
    },
  };
}

function specsOf(lanes: ReadonlyMap<string, TaskLane>): readonly AgentSpec[] {
  return [...lanes.values()].map(({ spec }) => spec);
}

function addType(
  spec: AgentSpec,
  { settings, supervisor, lanes }: Omit<PoolParts, "close">,
): AsyncDisposable {
  const { type } = spec;
  if (lanes.has(type)) throw new AgentSpecError(type, "there are two of this type");
  const lane = new TaskLane(supervisor.add(spec), settings);
  lanes.set(type, lane);
  return {
    [Symbol.asyncDispose]: async () => {
      if (lanes.get(type) !== lane) return;
      lanes.delete(type);
      lane[Symbol.dispose]();
      lane.fail(new AgentUnavailableError(type, "it has left"));
      await supervisor.remove(type);
    },
  };
}

/** Lets the tasks end for a while; cancels the others. */
async function finish(open: ReadonlySet<TaskRecord>, { closeMs, clock }: Settings): Promise<void> {
  using deadline = startDeadline({ what: "Finishing the tasks", ms: closeMs, clock });
  deadline.signal.addEventListener("abort", () => {
    for (const record of open) record.cancel("the agents are being closed");
  });
  await Promise.all([...open].map(async ({ outcome }) => await outcome));
}

interface SubmitParts {
  readonly settings: Settings;
  readonly lanes: ReadonlyMap<string, TaskLane>;
  readonly history: TaskHistory;
  readonly open: Set<TaskRecord>;
  readonly isClosing: { readonly current: boolean };
}

function createSubmit({ settings, lanes, history, open, isClosing }: SubmitParts) {
  const { clock } = settings;
  return (request: TaskRequest): Task => {
    if (isClosing.current) throw new PoolClosedError(`The task ${request.operation}`);
    const { agent, operation } = findOperation(lanes, request);
    const same = history.findSame(request);
    if (same !== undefined) return same;
    const lane = lanes.get(request.type);
    const record = createTaskRecord({
      request,
      spec: operation,
      clock,
      onSettled: (settled) => {
        open.delete(settled);
        lane?.remove(settled);
        history.close(settled);
      },
    });
    const ms = request.deadlineMs ?? agent.limits.taskMs;
    const late = () => {
      const what = `The task ${request.operation} of ${request.type}`;
      record.settle({ kind: "failed", error: new DeadlineExceededError(what, ms) });
    };
    lane?.add(record);
    open.add(record);
    history.add(record);
    limitTask(record, clock.startTimer(ms, late));
    return record;
  };
}

function findOperation(
  lanes: ReadonlyMap<string, TaskLane>,
  { type, operation: name }: TaskRequest,
): { readonly agent: AgentSpec; readonly operation: OperationSpec } {
  const agent = lanes.get(type)?.spec;
  const operation = agent?.operations.find((candidate) => candidate.name === name);
  if (agent !== undefined && operation !== undefined) return { agent, operation };
  const known = specsOf(lanes).flatMap((spec) =>
    spec.operations.map((each) => `${spec.type}.${each.name}`),
  );
  throw new UnknownOperationError(type, name, known);
}
