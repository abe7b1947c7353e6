import type { Clock } from "op-core";
import type { CgroupRefusal, CgroupTree } from "../cgroups/cgroup-tree.ts";
import { SandboxUnavailableError, SpawnError } from "../process-error.ts";
import { probeSandbox, type SandboxInventory } from "../sandbox/inspect-sandbox.ts";
import { noUsage } from "../spec/resource-usage.ts";
import { keepChild, type KeptChild } from "./kept-child.ts";
import type { StreamServer } from "./open-stream-server.ts";
import type { KillCause, SpawnerNews, SpawnerOrder, StartOrder } from "./spawner-message.ts";
import { createSpawnerGuard, type SpawnerGuard } from "./spawner-guard.ts";
import { startChild } from "./start-child.ts";

/** What a keeper needs. */
export interface ChildKeeperOptions {
  readonly clock: Clock;
  readonly streams: StreamServer;
  readonly cgroups: CgroupTree | CgroupRefusal;
  readonly tell: (news: SpawnerNews) => void;
}

/** Starts, keeps and ends children as it is told. */
export interface ChildKeeper {
  obey(order: SpawnerOrder): void;
  /** Kills all children, those included that are being started, and resolves when nothing is left of them. */
  close(): Promise<void>;
}

/** A child from its order to its end. */
interface Place {
  child?: KeptChild;
  /** Set when it is to be killed before it has started. */
  doomed?: KillCause;
  /** Aborts then. */
  readonly doom: AbortController;
  readonly over: Promise<void>;
}

/** Makes a keeper without children. */
export function createChildKeeper(options: ChildKeeperOptions): ChildKeeper {
  const { cgroups, tell } = options;
  const places = new Map<number, Place>();
  const inventory = probeSandbox(cgroups);
  const guard = createSpawnerGuard();
  const parts = { ...options, places, inventory, guard };

  const start = (order: StartOrder) => {
    const doom = new AbortController();
    const over = serve(order, parts, doom.signal)
      .catch((error: unknown) => tell(toRefusal(order, error)))
      .finally(() => {
        guard.forget(order.marker);
        places.delete(order.id);
      });
    places.set(order.id, { doom, over });
  };
  const kill = (id: number, cause: KillCause, graceMs?: number) => {
    const place = places.get(id);
    if (place === undefined) return;
    if (place.child === undefined) {
      place.doomed ??= cause;
      place.doom.abort(new Error("it was killed before its streams came"));
    } else {
      place.child.kill(cause, graceMs);
    }
  };
  return {
    obey: (order) => {
      switch (order.type) {
        case "start":
          return start(order);
        case "kill":
          return kill(order.id, order.cause, order.graceMs);
        case "signal":
          return places.get(order.id)?.child?.signal(order.signal);
        case "measure": {
          const usage = places.get(order.id)?.child?.measure() ?? noUsage;
          return tell({ type: "measured", request: order.request, usage });
        }
        case "inspect":
          return void inventory.then(({ report }) =>
            tell({ type: "inspected", request: order.request, report }),
          );
      }
    },
    close: async () => {
      for (const id of places.keys()) kill(id, { kind: "killed", reason: "host-closed" }, 0);
      await Promise.all([...places.values()].map(async ({ over }) => await over));
    },
  };
}

interface KeeperParts extends ChildKeeperOptions {
  readonly places: ReadonlyMap<number, Place>;
  readonly inventory: Promise<SandboxInventory>;
  readonly guard: SpawnerGuard;
}

/** Starts a child and tells of it, until nothing of it is left. */
async function serve(order: StartOrder, parts: KeeperParts, signal: AbortSignal): Promise<void> {
  const { id, spec, marker } = order;
  const { clock, streams, cgroups, tell, places, inventory, guard } = parts;
  const context = {
    clock,
    streams,
    signal,
    cgroups: "path" in cgroups ? cgroups : undefined,
    inventory: await inventory,
  };
  guard.keep(marker);
  const started = await startChild(order, context);
  guard.keep(marker, started.process.pid);
  const child = keepChild(started, { spec, clock });
  const place = places.get(id);
  if (place !== undefined) place.child = child;
  const { level, tree } = started;
  tell({ type: "started", id, pid: tree.traces.leader?.pid ?? 0, level, traces: tree.traces });
  if (place?.doomed !== undefined) child.kill(place.doomed, 0);
  tell({ type: "ended", id, status: await child.ended });
}

function toRefusal({ id, spec }: StartOrder, error: unknown): SpawnerNews {
  if (error instanceof SandboxUnavailableError) {
    return { type: "unavailable", id, shortfall: error.shortfall };
  }
  if (error instanceof SpawnError) return { type: "failed", id, failure: error.failure };
  const detail = error instanceof Error ? error.message : String(error);
  const failure = { program: spec.argv[0], reason: "machine-exhausted", detail } as const;
  return { type: "failed", id, failure };
}
