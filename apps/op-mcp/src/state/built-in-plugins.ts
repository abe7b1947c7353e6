import type { BusConnection } from "op-dbus";
import type { StatePlugin } from "op-state";
import type { BuiltInPluginName } from "op-state/config";
import {
  createConnectionsPlugin,
  createDnsPlugin,
  createHostnamePlugin,
  createKeymapPlugin,
  createLocalePlugin,
  createMountsPlugin,
  createTimePlugin,
  createUnitsPlugin,
} from "op-state/dbus";
import {
  createFilesPlugin,
  createGroupsPlugin,
  createPackagesPlugin,
  createSubvolumesPlugin,
  createSysctlPlugin,
  createUsersPlugin,
} from "op-state/plugins";
import { needsBus, type BusPluginName, type PlainPluginName } from "./plugin-names.ts";
import type { StateSettings } from "./state-settings.ts";

const plain: Readonly<Record<PlainPluginName, (config: StateSettings) => StatePlugin>> = {
  files: () => createFilesPlugin(),
  sysctl: () => createSysctlPlugin(),
  users: () => createUsersPlugin(),
  groups: () => createGroupsPlugin(),
  packages: () => createPackagesPlugin(),
  subvolumes: ({ subvolumes }) => createSubvolumesPlugin({ keep: subvolumes.keep }),
};

const onBus: Readonly<Record<BusPluginName, (bus: BusConnection) => StatePlugin>> = {
  mounts: (bus) => createMountsPlugin({ bus }),
  units: (bus) => createUnitsPlugin({ bus }),
  dns: (bus) => createDnsPlugin({ bus }),
  connections: (bus) => createConnectionsPlugin({ bus }),
  hostname: createHostnamePlugin,
  time: createTimePlugin,
  locale: createLocalePlugin,
  keymap: createKeymapPlugin,
};

/** Makes plugins that come with op-state; without a bus those that need none. */
export function createBuiltInPlugins(
  names: readonly BuiltInPluginName[],
  { config, bus }: { readonly config: StateSettings; readonly bus: BusConnection | undefined },
): readonly StatePlugin[] {
  return names.flatMap((name) => {
    if (!needsBus(name)) return plain[name](config);
    return bus === undefined ? [] : onBus[name](bus);
  });
}
