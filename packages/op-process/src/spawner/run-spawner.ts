import { rmSync } from "node:fs";
import { dirname } from "node:path";
import { systemClock, type Clock } from "op-core";
import { endCgroupTree, openCgroupTree } from "../cgroups/cgroup-tree.ts";
import { createChildKeeper } from "./child-keeper.ts";
import { openStreamServer } from "./open-stream-server.ts";
import { isOrder, type SpawnerNews, type SpawnerSettings } from "./spawner-message.ts";

/**
 * Serves the host at the other end of this process' channel: starts what it orders, tells what happens, and when the
 * host is gone, kills everything and exits. For the entry of a spawner that you bundle yourself.
 */
export async function runSpawner(
  settings: SpawnerSettings,
  clock: Clock = systemClock,
): Promise<void> {
  // Only the host may end it, and whoever kills it with -9.
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const)
    process.on(signal, () => undefined);
  const opened = settings.useCgroups
    ? openCgroupTree()
    : { refused: "cgroups are switched off", advice: "Open the host with cgroups." };
  const cgroups = "path" in opened ? opened : undefined;
  const streams = await openStreamServer(settings.socket, clock);
  const keeper = createChildKeeper({ clock, streams, cgroups: opened, tell });
  const leave = async (): Promise<void> => {
    await keeper.close();
    if (cgroups !== undefined) await endCgroupTree(cgroups.path, clock);
    rmSync(dirname(settings.socket), { recursive: true, force: true });
    process.exit();
  };
  process.on("message", (message) => {
    if (isOrder(message)) keeper.obey(message);
  });
  process.once("disconnect", () => void leave());
  if (process.connected) tell({ type: "ready", cgroup: cgroups?.path ?? null });
  else await leave();
}

function tell(news: SpawnerNews): void {
  // A host that is gone closes the channel, and what is told then reaches nobody.
  process.send?.(news, undefined, undefined, () => undefined);
}
