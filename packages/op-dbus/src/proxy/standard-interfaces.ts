import { defineInterface } from "./interface-shape.ts";

/** What every connection answers. */
export const peerInterface = defineInterface({
  name: "org.freedesktop.DBus.Peer",
  methods: {
    Ping: { in: "", out: "" },
    GetMachineId: { in: "", out: "s", outNames: ["machine_uuid"] },
  },
  properties: {},
  signals: {},
});

/** How objects describe themselves. */
export const introspectableInterface = defineInterface({
  name: "org.freedesktop.DBus.Introspectable",
  methods: { Introspect: { in: "", out: "s", outNames: ["xml_data"] } },
  properties: {},
  signals: {},
});

/** How properties are read and written. */
export const propertiesInterface = defineInterface({
  name: "org.freedesktop.DBus.Properties",
  methods: {
    Get: { in: "ss", out: "v", inNames: ["interface_name", "property_name"], outNames: ["value"] },
    GetAll: { in: "s", out: "a{sv}", inNames: ["interface_name"], outNames: ["properties"] },
    Set: { in: "ssv", out: "", inNames: ["interface_name", "property_name", "value"] },
  },
  properties: {},
  signals: {
    PropertiesChanged: {
      type: "sa{sv}as",
      names: ["interface_name", "changed_properties", "invalidated_properties"],
    },
  },
});

/** How a service lists its objects. */
export const objectManagerInterface = defineInterface({
  name: "org.freedesktop.DBus.ObjectManager",
  methods: {
    GetManagedObjects: {
      in: "",
      out: "a{oa{sa{sv}}}",
      outNames: ["objpath_interfaces_and_properties"],
    },
  },
  properties: {},
  signals: {
    InterfacesAdded: { type: "oa{sa{sv}}", names: ["object_path", "interfaces_and_properties"] },
    InterfacesRemoved: { type: "oas", names: ["object_path", "interfaces"] },
  },
});

/** The bus itself: who is there, who could be started, and who somebody is. */
export const busInterfaceShape = defineInterface({
  name: "org.freedesktop.DBus",
  methods: {
    ListNames: { in: "", out: "as" },
    ListActivatableNames: { in: "", out: "as" },
    NameHasOwner: { in: "s", out: "b", inNames: ["name"] },
    GetNameOwner: { in: "s", out: "s", inNames: ["name"] },
    StartServiceByName: { in: "su", out: "u", inNames: ["name", "flags"] },
    GetConnectionUnixUser: { in: "s", out: "u", inNames: ["name"] },
    GetConnectionUnixProcessID: { in: "s", out: "u", inNames: ["name"] },
    GetConnectionCredentials: { in: "s", out: "a{sv}", inNames: ["name"] },
    GetId: { in: "", out: "s" },
  },
  properties: {},
  signals: { NameOwnerChanged: { type: "sss", names: ["name", "old_owner", "new_owner"] } },
});
