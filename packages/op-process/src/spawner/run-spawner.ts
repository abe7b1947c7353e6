import { rmSync } from "node:fs";
import { dirname } from "node:path";
import { systemClock, type Clock } from "op-core";
import { endCgroupTree, openCgroupTree } from "../cgroups/cgroup-tree.ts";
import { createChildKeeper } from "./child-keeper.ts";
import { isOrder, type SpawnerNews, type SpawnerSettings } from "./spawner-message.ts";

/**
 * Serves the host at the other end of this process' channel: starts what it orders, tells what happens, and when the
 * host is gone, kills everything and exits. For the entry of a spawner that you bundle yourself.
 */
export function runSpawner(settings: SpawnerSettings, clock: Clock = systemClock): void {
  const opened = settings.useCgroups
    ? openCgroupTree()
    : { refused: "cgroups are switched off", advice: "Open the host with cgroups." };
  const cgroups = "path" in opened ? opened : undefined;
  const keeper = createChildKeeper({ clock, socket: settings.socket, cgroups: opened, tell });
  process.on("message", (message) => {
    if (isOrder(message)) keeper.obey(message);
  });
  process.once("disconnect", () => void leave());
  // Only the host may end it, and whoever kills it with -9.
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const)
    process.on(signal, () => undefined);
  tell({ type: "ready", cgroup: cgroups?.path ?? null });

  async function leave(): Promise<void> {
    await keeper.close();
    if (cgroups !== undefined) await endCgroupTree(cgroups.path, clock);
    rmSync(dirname(settings.socket), { recursive: true, force: true });
    process.exit();
  }
}

function tell(news: SpawnerNews): void {
  // A host that is gone closes the channel, and what is told then reaches nobody.
  process.send?.(news, undefined, undefined, () => undefined);
}
