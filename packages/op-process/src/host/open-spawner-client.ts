import { randomUUID } from "node:crypto";
import { abortable, startDeadline, type Clock } from "op-core";
import { endCgroupTree } from "../cgroups/cgroup-tree.ts";
import { endTree } from "../processes/end-tree.ts";
import type { SandboxReport } from "../sandbox/sandbox-report.ts";
import type { ResourceUsage } from "../spec/resource-usage.ts";
import type { SpawnerNews, SpawnerOrder, StartOrder } from "../spawner/spawner-message.ts";
import { createHostedChild, type HostedChild } from "./hosted-child.ts";
import { openSpawner, type Spawner, type SpawnerOptions } from "./open-spawner.ts";
import { createSpawnerRequests, type SpawnerRequests } from "./spawner-requests.ts";

/** A spawner and the children it has. Disposing ends them all. */
export interface SpawnerClient extends AsyncDisposable {
  readonly pid: number;
  /** Whether the spawner has ended; what it left may still be being ended. */
  readonly isGone: boolean;
  /** Resolves when the spawner is gone, and its children with it. */
  readonly gone: Promise<void>;
  start(order: Pick<StartOrder, "spec" | "tokens">): HostedChild;
  send(order: SpawnerOrder): void;
  measure(id: number): Promise<ResourceUsage>;
  inspect(): Promise<SandboxReport>;
}

/** What a client takes. */
export interface SpawnerClientOptions extends Omit<SpawnerOptions, "onNews"> {
  readonly clock: Clock;
}

/** How long a spawner may take to kill its children before it is killed itself. */
const patienceMs = 10_000;

/** Starts a spawner and keeps account of its children, so that they can be ended without it. */
export async function openSpawnerClient(options: SpawnerClientOptions): Promise<SpawnerClient> {
  const { clock, logger } = options;
  const children = new Map<number, HostedChild>();
  const requests = createSpawnerRequests((order) => spawner.send(order));
  const onNews = (news: SpawnerNews) => {
    if ("id" in news) children.get(news.id)?.hear(news);
    else if ("request" in news) requests.hear(news);
  };
  const spawner = await openSpawner({ ...options, onNews });
  let isGone = false;
  const attend = async () => {
    await spawner.ended;
    isGone = true;
    requests.lose();
    if (children.size > 0) logger.warn("The spawner ended before its children.");
    await endOrphans(spawner, [...children.values()], clock);
  };
  const gone = attend();
  let lastId = 0;
  return {
    pid: spawner.pid,
    get isGone() {
      return isGone;
    },
    gone,
    send: (order) => spawner.send(order),
    start: (order) => {
      lastId += 1;
      const id = lastId;
      const child = createHostedChild(id, { program: order.spec.argv[0], marker: randomUUID() });
      children.set(id, child);
      void child.ended.then(() => children.delete(id));
      if (isGone) child.lose();
      else spawner.send({ type: "start", id, marker: child.traces.marker, ...order });
      return child;
    },
    ...createQuestions(requests),
    [Symbol.asyncDispose]: async () => {
      const closing = spawner[Symbol.asyncDispose]();
      using deadline = startDeadline({ what: "Closing the spawner", ms: patienceMs, clock });
      await abortable(closing, deadline.signal).catch(() => spawner.kill());
      await gone;
    },
  };
}

function createQuestions({ ask }: SpawnerRequests): Pick<SpawnerClient, "measure" | "inspect"> {
  return {
    measure: async (id) =>
      await ask(
        (request) => ({ type: "measure", id, request }),
        (news) => (news.type === "measured" ? news.usage : undefined),
      ),
    inspect: async () =>
      await ask(
        (request) => ({ type: "inspect", request }),
        (news) => (news.type === "inspected" ? news.report : undefined),
      ),
  };
}

/** Ends what a spawner left behind, and only then says so. */
async function endOrphans(
  { cgroup }: Spawner,
  orphans: readonly HostedChild[],
  clock: Clock,
): Promise<void> {
  if (cgroup !== null) await endCgroupTree(cgroup, clock);
  for (const { traces } of orphans) await endTree({ isSealed: false, traces }, clock);
  for (const child of orphans) child.lose();
}
