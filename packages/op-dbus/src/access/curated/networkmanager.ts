import type { InterfaceTable, ServiceTable } from "../service-table.ts";

const modifySystem = "org.freedesktop.NetworkManager.settings.modify.system";
const control = "org.freedesktop.NetworkManager.network-control";
const rollback = "org.freedesktop.NetworkManager.checkpoint-rollback";

/** What can cut the machine off is destructive: whoever did it from afar cannot undo it. */
const manager: InterfaceTable = {
  methods: {
    observe: "GetAllDevices GetDeviceByIpIface GetDevices GetLogging GetPermissions state",
    sensitive: "CheckConnectivity",
    change: `ActivateConnection CheckpointAdjustRollbackTimeout CheckpointCreate CheckpointDestroy Reload SetLogging`,
    destructive: `AddAndActivateConnection AddAndActivateConnection2 CheckpointRollback DeactivateConnection Enable Sleep`,
  },
  writable: {
    change: "ConnectivityCheckEnabled",
    destructive: "GlobalDnsConfiguration WimaxEnabled WirelessEnabled WwanEnabled",
  },
  idempotent: "Enable Reload SetLogging Sleep",
  polkit: {
    [control]: `ActivateConnection AddAndActivateConnection AddAndActivateConnection2 CheckConnectivity
      DeactivateConnection`,
    [rollback]: `CheckpointAdjustRollbackTimeout CheckpointCreate CheckpointDestroy CheckpointRollback`,
    "org.freedesktop.NetworkManager.reload": "Reload",
    "org.freedesktop.NetworkManager.sleep-wake": "Sleep",
    "org.freedesktop.NetworkManager.enable-disable-network": "Enable",
    "org.freedesktop.NetworkManager.enable-disable-wifi": "WirelessEnabled",
    "org.freedesktop.NetworkManager.enable-disable-wwan": "WwanEnabled",
    "org.freedesktop.NetworkManager.enable-disable-wimax": "WimaxEnabled",
    "org.freedesktop.NetworkManager.enable-disable-connectivity-check": "ConnectivityCheckEnabled",
    "org.freedesktop.NetworkManager.settings.modify.global-dns": "GlobalDnsConfiguration",
  },
};

/** Interfaces of devices and of what they are configured with that have nothing but properties to read. */
const readOnly = `AccessPoint Checkpoint Connection.Active DHCP4Config DHCP6Config Device.Adsl Device.Bluetooth Device.Bond
  Device.Bridge Device.Dummy Device.Generic Device.Geneve Device.Hsr Device.IPTunnel Device.Infiniband Device.Ipvlan
  Device.Loopback Device.Lowpan Device.Macsec Device.Macvlan Device.Modem Device.OlpcMesh Device.OvsBridge
  Device.OvsInterface Device.OvsPort Device.Ppp Device.Team Device.Tun Device.Veth Device.Vlan Device.Vrf Device.Vxlan
  Device.Wired Device.WireGuard Device.Wpan DnsManager IP4Config IP6Config VPN.Connection WiMax.Nsp WifiP2PPeer`;

const prefix = "org.freedesktop.NetworkManager";

/** The network as most desktops and many servers configure it. */
export const networkManager: ServiceTable = {
  services: [prefix],
  interfaces: {
    [prefix]: manager,
    [`${prefix}.Settings`]: {
      methods: {
        observe: "GetConnectionByUuid ListConnections",
        change: "ReloadConnections",
        destructive: `AddConnection AddConnection2 AddConnectionUnsaved LoadConnections SaveHostname`,
      },
      idempotent: "LoadConnections ReloadConnections SaveHostname",
      polkit: {
        [modifySystem]: "AddConnection AddConnection2 AddConnectionUnsaved",
        [`${prefix}.settings.modify.hostname`]: "SaveHostname",
        [`${prefix}.reload`]: "LoadConnections ReloadConnections",
      },
    },
    [`${prefix}.Settings.Connection`]: {
      methods: {
        observe: "GetSettings",
        change: "Save",
        destructive: "ClearSecrets Delete Update Update2 UpdateUnsaved",
        forbidden: "GetSecrets",
      },
      idempotent: "ClearSecrets Save Update UpdateUnsaved",
      polkit: {
        [modifySystem]: "ClearSecrets Delete GetSecrets Save Update Update2 UpdateUnsaved",
      },
    },
    [`${prefix}.Device`]: {
      methods: {
        observe: "GetAppliedConnection",
        destructive: "Delete Disconnect Reapply SetManaged",
      },
      writable: { change: "Autoconnect", destructive: "Managed" },
      idempotent: "Disconnect Reapply",
      polkit: { [control]: "Autoconnect Delete Disconnect Managed Reapply SetManaged" },
    },
    [`${prefix}.Device.Statistics`]: {
      writable: { change: "RefreshRateMs" },
      polkit: { [`${prefix}.enable-disable-statistics`]: "RefreshRateMs" },
    },
    [`${prefix}.Device.Wireless`]: {
      methods: { observe: "GetAccessPoints GetAllAccessPoints", change: "RequestScan" },
      idempotent: "RequestScan",
      polkit: { [`${prefix}.wifi.scan`]: "RequestScan" },
    },
    [`${prefix}.Device.WifiP2P`]: {
      methods: { change: "StartFind StopFind" },
      idempotent: "StartFind StopFind",
      polkit: { [`${prefix}.wifi.scan`]: "StartFind StopFind" },
    },
    [`${prefix}.Device.WiMax`]: { methods: { observe: "GetNspList" } },
    [`${prefix}.AgentManager`]: {
      methods: { forbidden: "Register RegisterWithCapabilities Unregister" },
    },
    [`${prefix}.SecretAgent`]: {
      methods: { forbidden: "CancelGetSecrets DeleteSecrets GetSecrets SaveSecrets" },
    },
    [`${prefix}.VPN.Plugin`]: {
      methods: {
        forbidden: `Connect ConnectInteractive Disconnect NeedSecrets NewSecrets SetConfig SetFailure SetIp4Config
          SetIp6Config`,
      },
    },
    [`${prefix}.PPP`]: {
      methods: { forbidden: "NeedSecrets SetIfindex SetIp4Config SetIp6Config SetState" },
    },
    ...Object.fromEntries(readOnly.split(/\s+/).map((name) => [`${prefix}.${name}`, {}])),
  },
};

/** The program behind Wi-Fi. */
export const wpaSupplicant: ServiceTable = {
  services: ["fi.w1.wpa_supplicant1"],
  interfaces: {
    "fi.w1.wpa_supplicant1": {
      methods: {
        observe: "GetInterface",
        change: "ExpectDisconnect",
        destructive: "RemoveInterface",
        forbidden: "CreateInterface",
      },
      writable: {
        change: "DebugLevel DebugTimestamp",
        destructive: "WFDIEs",
        forbidden: "DebugShowKeys",
      },
    },
  },
};
