import type { BusConnection } from "op-dbus";
import type { StatePlugin } from "op-state";
import type { BuiltInPluginName } from "op-state/config";
import {
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
  createSysctlPlugin,
  createUsersPlugin,
} from "op-state/plugins";
import { needsBus, type BusPluginName, type PlainPluginName } from "./plugin-names.ts";

const plain: Readonly<Record<PlainPluginName, () => StatePlugin>> = {
  files: createFilesPlugin,
  sysctl: createSysctlPlugin,
  users: createUsersPlugin,
  groups: createGroupsPlugin,
  packages: createPackagesPlugin,
};

const onBus: Readonly<Record<BusPluginName, (bus: BusConnection) => StatePlugin>> = {
  mounts: (bus) => createMountsPlugin({ bus }),
  units: (bus) => createUnitsPlugin({ bus }),
  hostname: createHostnamePlugin,
  time: createTimePlugin,
  locale: createLocalePlugin,
  keymap: createKeymapPlugin,
};

/** Makes plugins that come with op-state; without a bus those that need none. */
export function createBuiltInPlugins(
  names: readonly BuiltInPluginName[],
  bus: BusConnection | undefined,
): readonly StatePlugin[] {
  return names.flatMap((name) => {
    if (!needsBus(name)) return plain[name]();
    return bus === undefined ? [] : onBus[name](bus);
  });
}
