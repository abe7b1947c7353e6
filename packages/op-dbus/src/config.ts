/** Schemas of what can be configured: type, default, check and documentation at once. */
export { AccessConfig, AccessRule } from "./access/access-config.ts";
export { DBusConfig } from "./tools/dbus-config.ts";
