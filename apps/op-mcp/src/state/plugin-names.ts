import { existsSync } from "node:fs";
import type { BuiltInPluginName } from "op-state/config";
import type { OpenStateOptions } from "./open-state.ts";

const withoutBus = [
  "files",
  "sysctl",
  "users",
  "groups",
  "packages",
] as const satisfies readonly BuiltInPluginName[];

/** A plugin that needs no service of the system's bus. */
export type PlainPluginName = (typeof withoutBus)[number];

/** A plugin that works through a service of the system's bus. */
export type BusPluginName = Exclude<BuiltInPluginName, PlainPluginName>;

/** Whether a plugin works through a service of the system's bus. */
export function needsBus(name: BuiltInPluginName): name is BusPluginName {
  return !withoutBus.some((plain) => plain === name);
}

/** Other machines than Debian's have other programs for packages. */
function hasApt(): boolean {
  return existsSync("/usr/bin/apt-get");
}

/** Every plugin there should be, known without loading it. */
export function allPluginNames(
  options: Pick<OpenStateOptions, "config" | "systemBusAddress">,
): readonly string[] {
  return [...new Set([...pluginNames(options), ...Object.keys(options.config.external)])];
}

/** The plugins that come with op-mcp and are used. */
export function pluginNames({
  config,
  systemBusAddress,
}: Pick<OpenStateOptions, "config" | "systemBusAddress">): readonly BuiltInPluginName[] {
  const names = [...new Set(config.plugins)];
  const isUsable = (name: BuiltInPluginName): boolean =>
    (systemBusAddress !== undefined || !needsBus(name)) && (name !== "packages" || hasApt());
  return names.filter(isUsable);
}
