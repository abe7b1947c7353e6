/** Plugins of what D-Bus services manage; they need op-dbus. */
export {
  createConnectionsPlugin,
  type ConnectionsPluginOptions,
} from "./dbus-connections/create-connections-plugin.ts";
export { createDnsPlugin, type DnsPluginOptions } from "./dbus-dns/create-dns-plugin.ts";
export { createHostnamePlugin } from "./dbus-settings/create-hostname-plugin.ts";
export { createKeymapPlugin } from "./dbus-settings/create-keymap-plugin.ts";
export { createLocalePlugin } from "./dbus-settings/create-locale-plugin.ts";
export { createTimePlugin } from "./dbus-settings/create-time-plugin.ts";
export {
  createMountsPlugin,
  type MountsPluginOptions,
} from "./dbus-mounts/create-mounts-plugin.ts";
export { createUnitsPlugin, type UnitsPluginOptions } from "./dbus-units/create-units-plugin.ts";
