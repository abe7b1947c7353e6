import { existsSync } from "node:fs";
import type { BuiltInPluginName } from "op-state/config";
import type { OpenStateOptions } from "./open-state.ts";

const withoutBus = [
  "files",
  "sysctl",
  "users",
  "groups",
  "packages",
  "subvolumes",
] as const satisfies readonly BuiltInPluginName[];

/** A plugin that needs no service of the system's bus. */
export type PlainPluginName = (typeof withoutBus)[number];

/** A plugin that works through a service of the system's bus. */
export type BusPluginName = Exclude<BuiltInPluginName, PlainPluginName>;

/** Whether a plugin works through a service of the system's bus. */
export function needsBus(name: BuiltInPluginName): name is BusPluginName {
  return !withoutBus.some((plain) => plain === name);
}

/** Not every machine is Debian's, or has tools of btrfs. */
const programs: Partial<Readonly<Record<BuiltInPluginName, readonly string[]>>> = {
  packages: ["/usr/bin/apt-get"],
  subvolumes: ["/usr/bin/btrfs", "/usr/sbin/btrfs"],
};

function hasProgramFor(name: BuiltInPluginName): boolean {
  return programs[name]?.some((path) => existsSync(path)) ?? true;
}

/** Whichever of the plugins machines of any kind may have. */
export function possiblePluginNames(
  names: readonly BuiltInPluginName[],
): readonly (readonly BuiltInPluginName[])[] {
  const [name, ...others] = names;
  if (name === undefined) return [[]];
  const rest = possiblePluginNames(others);
  const withIt = rest.map((some) => [name, ...some]);
  return programs[name] === undefined ? withIt : [...withIt, ...rest];
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
    (systemBusAddress !== undefined || !needsBus(name)) && hasProgramFor(name);
  return names.filter(isUsable);
}
