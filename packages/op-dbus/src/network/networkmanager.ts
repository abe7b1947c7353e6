import { defineInterface } from "../proxy/interface-shape.ts";

/** The network manager. */
export const networkManager = defineInterface({
  name: "org.freedesktop.NetworkManager",
  methods: {
    Reload: { in: "u", out: "", inNames: ["flags"] },
    GetDevices: { in: "", out: "ao", outNames: ["devices"] },
    GetAllDevices: { in: "", out: "ao", outNames: ["devices"] },
    GetDeviceByIpIface: { in: "s", out: "o", inNames: ["iface"], outNames: ["device"] },
    ActivateConnection: {
      in: "ooo",
      out: "o",
      inNames: ["connection", "device", "specific_object"],
      outNames: ["active_connection"],
    },
    AddAndActivateConnection: {
      in: "a{sa{sv}}oo",
      out: "oo",
      inNames: ["connection", "device", "specific_object"],
      outNames: ["path", "active_connection"],
    },
    DeactivateConnection: { in: "o", out: "", inNames: ["active_connection"] },
    Sleep: { in: "b", out: "", inNames: ["sleep"] },
    Enable: { in: "b", out: "", inNames: ["enable"] },
    GetPermissions: { in: "", out: "a{ss}", outNames: ["permissions"] },
    SetLogging: { in: "ss", out: "", inNames: ["level", "domains"] },
    GetLogging: { in: "", out: "ss", outNames: ["level", "domains"] },
    CheckConnectivity: { in: "", out: "u", outNames: ["connectivity"] },
    state: { in: "", out: "u", outNames: ["state"] },
    CheckpointCreate: {
      in: "aouu",
      out: "o",
      inNames: ["devices", "rollback_timeout", "flags"],
      outNames: ["checkpoint"],
    },
    CheckpointDestroy: { in: "o", out: "", inNames: ["checkpoint"] },
    CheckpointRollback: { in: "o", out: "a{su}", inNames: ["checkpoint"], outNames: ["result"] },
    CheckpointAdjustRollbackTimeout: { in: "ou", out: "", inNames: ["checkpoint", "add_timeout"] },
  },
  properties: {
    Devices: { type: "ao" },
    AllDevices: { type: "ao" },
    NetworkingEnabled: { type: "b" },
    WirelessEnabled: { type: "b", access: "readwrite" },
    WirelessHardwareEnabled: { type: "b" },
    ActiveConnections: { type: "ao" },
    PrimaryConnection: { type: "o" },
    PrimaryConnectionType: { type: "s" },
    Metered: { type: "u" },
    ActivatingConnection: { type: "o" },
    Startup: { type: "b" },
    Version: { type: "s" },
    State: { type: "u" },
    Connectivity: { type: "u" },
    ConnectivityCheckEnabled: { type: "b", access: "readwrite" },
    Checkpoints: { type: "ao" },
  },
  signals: {
    CheckPermissions: { type: "", names: [] },
    StateChanged: { type: "u", names: ["state"] },
    DeviceAdded: { type: "o", names: ["device_path"] },
    DeviceRemoved: { type: "o", names: ["device_path"] },
  },
});

/** A network device. */
export const networkManagerDevice = defineInterface({
  name: "org.freedesktop.NetworkManager.Device",
  methods: {
    Reapply: { in: "a{sa{sv}}tu", out: "", inNames: ["connection", "version_id", "flags"] },
    GetAppliedConnection: {
      in: "u",
      out: "a{sa{sv}}t",
      inNames: ["flags"],
      outNames: ["connection", "version_id"],
    },
    Disconnect: { in: "", out: "" },
    Delete: { in: "", out: "" },
  },
  properties: {
    Udi: { type: "s" },
    Path: { type: "s" },
    Interface: { type: "s" },
    IpInterface: { type: "s" },
    Driver: { type: "s" },
    DriverVersion: { type: "s" },
    State: { type: "u" },
    StateReason: { type: "(uu)" },
    ActiveConnection: { type: "o" },
    Ip4Config: { type: "o" },
    Ip6Config: { type: "o" },
    AvailableConnections: { type: "ao" },
    DeviceType: { type: "u" },
    Managed: { type: "b", access: "readwrite" },
    Autoconnect: { type: "b", access: "readwrite" },
    Mtu: { type: "u" },
    HwAddress: { type: "s" },
    Real: { type: "b" },
  },
  signals: {
    StateChanged: { type: "uuu", names: ["new_state", "old_state", "reason"] },
  },
});

/** The stored connections. */
export const networkManagerSettings = defineInterface({
  name: "org.freedesktop.NetworkManager.Settings",
  methods: {
    ListConnections: { in: "", out: "ao", outNames: ["connections"] },
    GetConnectionByUuid: { in: "s", out: "o", inNames: ["uuid"], outNames: ["connection"] },
    AddConnection: { in: "a{sa{sv}}", out: "o", inNames: ["connection"], outNames: ["path"] },
    AddConnectionUnsaved: {
      in: "a{sa{sv}}",
      out: "o",
      inNames: ["connection"],
      outNames: ["path"],
    },
    AddConnection2: {
      in: "a{sa{sv}}ua{sv}",
      out: "oa{sv}",
      inNames: ["settings", "flags", "args"],
      outNames: ["path", "result"],
    },
    ReloadConnections: { in: "", out: "b", outNames: ["status"] },
    SaveHostname: { in: "s", out: "", inNames: ["hostname"] },
  },
  properties: {
    Connections: { type: "ao" },
    Hostname: { type: "s" },
    CanModify: { type: "b" },
  },
  signals: {
    NewConnection: { type: "o", names: ["connection"] },
    ConnectionRemoved: { type: "o", names: ["connection"] },
  },
});

/** A stored connection. */
export const networkManagerConnection = defineInterface({
  name: "org.freedesktop.NetworkManager.Settings.Connection",
  methods: {
    Update: { in: "a{sa{sv}}", out: "", inNames: ["properties"] },
    UpdateUnsaved: { in: "a{sa{sv}}", out: "", inNames: ["properties"] },
    Delete: { in: "", out: "" },
    GetSettings: { in: "", out: "a{sa{sv}}", outNames: ["settings"] },
    Save: { in: "", out: "" },
    ClearSecrets: { in: "", out: "" },
    Update2: {
      in: "a{sa{sv}}ua{sv}",
      out: "a{sv}",
      inNames: ["settings", "flags", "args"],
      outNames: ["result"],
    },
  },
  properties: {
    Unsaved: { type: "b" },
    Flags: { type: "u" },
    Filename: { type: "s" },
  },
  signals: {
    Updated: { type: "", names: [] },
    Removed: { type: "", names: [] },
  },
});
