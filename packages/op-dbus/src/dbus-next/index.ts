/** A second adapter of `BusConnection`, on the dbus-next package, which has to be installed beside op-dbus. */
export {
  openDbusNextConnection,
  type DbusNextConnectionOptions,
} from "./open-dbus-next-connection.ts";
