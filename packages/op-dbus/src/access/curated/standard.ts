import type { ServiceTable } from "../service-table.ts";

/** What every service has. `org.freedesktop.DBus.Properties` is missing: it is about other interfaces' properties. */
export const standard: ServiceTable = {
  services: ["*"],
  interfaces: {
    "org.freedesktop.DBus.Peer": { methods: { observe: "Ping GetMachineId" } },
    "org.freedesktop.DBus.Introspectable": { methods: { observe: "Introspect" } },
    "org.freedesktop.DBus.ObjectManager": { methods: { observe: "GetManagedObjects" } },
  },
};
