import type { BuiltInPluginName } from "op-state/config";
import type { OpenStateOptions } from "./open-state.ts";

const withoutBus = [
  "files",
  "sysctl",
  "users",
  "groups",
] as const satisfies readonly BuiltInPluginName[];

/** A plugin that needs no service of the system's bus. */
export type PlainPluginName = (typeof withoutBus)[number];

/** A plugin that works through a service of the system's bus. */
export type BusPluginName = Exclude<BuiltInPluginName, PlainPluginName>;

/** Whether a plugin works through a service of the system's bus. */
export function needsBus(name: BuiltInPluginName): name is BusPluginName {
  return !withoutBus.some((plain) => plain === name);
}

/** The plugins there are, known without loading them. */
export function pluginNames({
  config,
  systemBusAddress,
}: Pick<OpenStateOptions, "config" | "systemBusAddress">): readonly BuiltInPluginName[] {
  const names = [...new Set(config.plugins)];
  return names.filter((name) => systemBusAddress !== undefined || !needsBus(name));
}
