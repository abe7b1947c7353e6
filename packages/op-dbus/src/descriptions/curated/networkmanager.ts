import type { InterfaceText, ServiceText } from "../curated-text.ts";

const prefix = "org.freedesktop.NetworkManager";
const nothing = '"/" stands for none.';
const settings =
  'The profile: sections such as "connection", "ipv4" and "802-11-wireless", each with its settings.';
const profile = `The path of a profile. ${nothing}`;
const device = `The path of a device. ${nothing}`;
const specific = `What else is needed, such as the path of an access point. ${nothing}`;

const manager: InterfaceText = {
  text: "Devices, connections and the state of the network. It is at /org/freedesktop/NetworkManager.",
  members: {
    GetDevices: {
      text: "The paths of the network devices.",
      keywords: ["list network interfaces"],
    },
    GetAllDevices: "The paths of all network devices, those that are only configured included.",
    GetDeviceByIpIface: {
      text: "The path of a device by its interface.",
      arguments: { iface: "Such as eth0 or wlan0." },
    },
    ActivateConnection: {
      text: "Connects by a profile; answers with the path of the active connection.",
      arguments: { connection: profile, device, specific_object: specific },
      keywords: ["connect to wifi", "bring a connection up", "connect a vpn"],
    },
    AddAndActivateConnection: {
      text: "Makes a profile and connects by it, such as to a Wi-Fi not seen before.",
      arguments: {
        connection: "What is known of the profile; may be {}.",
        device,
        specific_object: specific,
      },
      keywords: ["join a wifi network"],
    },
    DeactivateConnection: {
      text: "Ends an active connection.",
      arguments: { active_connection: "Its path." },
      keywords: ["disconnect", "bring a connection down"],
    },
    CheckConnectivity: {
      text: "Finds out whether the internet can be reached: 1 none, 2 portal, 3 limited, 4 full.",
      keywords: ["is the internet reachable", "am i online"],
    },
    Enable: {
      text: "Turns all networking on or off.",
      arguments: { enable: "false: off." },
      keywords: ["turn networking off"],
    },
    Sleep: { text: "Takes all devices down or up.", arguments: { sleep: "true: down." } },
    Reload: {
      text: "Reads the configuration again.",
      arguments: { flags: "0 for all; 1 configuration files, 2 DNS, 4 DNS plugin." },
    },
    CheckpointCreate: {
      text: "Remembers how devices are configured, and goes back by itself unless the checkpoint is destroyed in time. Use it before a risky change.",
      arguments: {
        devices: "Paths; [] for all.",
        rollback_timeout: "After how many seconds it goes back; 0 never.",
        flags: "0, or 1 to drop other checkpoints.",
      },
      keywords: ["undo a network change", "safe network change"],
    },
    CheckpointDestroy: {
      text: "Forgets a checkpoint, so that the changes stay.",
      arguments: { checkpoint: `Its path; "/" for all.` },
    },
    CheckpointRollback: {
      text: "Goes back to a checkpoint.",
      arguments: { checkpoint: "Its path." },
    },
    GetPermissions: "What the caller may do: yes, no or auth.",
    SetLogging: {
      text: "Sets what is logged.",
      arguments: {
        level: "Such as INFO or DEBUG.",
        domains: "Such as WIFI,DHCP4; empty for as is.",
      },
    },
    State: {
      text: "20 disconnected, 40 connecting, 50 local only, 60 site only, 70 connected.",
      keywords: ["network state", "is it connected"],
    },
    Connectivity: {
      text: "What was last found out: 0 unknown, 1 none, 2 portal, 3 limited, 4 full.",
      keywords: ["is it online"],
    },
    PrimaryConnection: {
      text: "The path of the connection that leads to the internet.",
      keywords: ["default route"],
    },
    PrimaryConnectionType: 'Its kind, such as "802-11-wireless" or "802-3-ethernet".',
    ActiveConnections: {
      text: "The paths of what is connected.",
      keywords: ["active connections"],
    },
    Devices: "The paths of the network devices.",
    NetworkingEnabled: "Whether networking is on.",
    WirelessEnabled: {
      text: "Whether Wi-Fi is on; writing it turns it on or off.",
      keywords: ["turn wifi off"],
    },
    WwanEnabled: "Whether mobile broadband is on; writing it turns it on or off.",
    Metered:
      "Whether the connection costs by volume: 0 unknown, 1 yes, 2 no, 3 guessed yes, 4 guessed no.",
    GlobalDnsConfiguration: "DNS settings for all connections.",
    Version: "The version of NetworkManager.",
    StateChanged: "The state of the network changed; see State.",
    DeviceAdded: "A device appeared.",
    DeviceRemoved: "A device is gone.",
  },
};

const deviceText: InterfaceText = {
  text: "A network device, such as a card or a tunnel.",
  keywords: ["network interface"],
  members: {
    Disconnect: {
      text: "Disconnects the device and does not connect it by itself again.",
      keywords: ["disconnect an interface"],
    },
    Delete: "Removes a device made of software, such as a bridge.",
    Reapply: {
      text: "Applies a changed profile without disconnecting.",
      arguments: {
        connection: "The settings; {} for those of the profile.",
        version_id: "As GetAppliedConnection told, or 0.",
        flags: "0.",
      },
    },
    GetAppliedConnection: {
      text: "The settings in force, and their version.",
      arguments: { flags: "0." },
    },
    Interface: { text: "The name, such as eth0.", keywords: ["interface name"] },
    State: {
      text: "10 unmanaged, 20 unavailable, 30 disconnected, 40–90 connecting, 100 connected, 110 disconnecting, 120 failed.",
      keywords: ["is an interface up"],
    },
    StateReason: "The state and a number that says why.",
    DeviceType:
      "1 Ethernet, 2 Wi-Fi, 5 Bluetooth, 8 modem, 10 bond, 11 VLAN, 13 bridge, 14 generic, 16 TUN, 20 veth, 29 WireGuard, 32 loopback.",
    HwAddress: { text: "The hardware address.", keywords: ["mac address"] },
    Driver: "The driver in the kernel.",
    Mtu: "The largest packet, in bytes.",
    Ip4Config: { text: "The path of its IPv4 settings.", keywords: ["ip address"] },
    Ip6Config: "The path of its IPv6 settings.",
    Dhcp4Config: "The path of what DHCP told.",
    ActiveConnection: "The path of its connection.",
    AvailableConnections: "The paths of profiles it could connect by.",
    Managed: "Whether NetworkManager looks after it.",
    Autoconnect: "Whether it connects by itself.",
    Udi: "Its name in the system.",
    StateChanged: "Its state changed: new, old, and a number that says why.",
  },
};

const addresses = (version: string): InterfaceText => ({
  text: `The ${version} settings of a device or a connection.`,
  keywords: ["ip address", "gateway", "route", "dns server"],
  members: {
    AddressData: { text: "The addresses, each with its prefix.", keywords: ["ip address"] },
    Gateway: { text: "The gateway.", keywords: ["default gateway", "router address"] },
    RouteData: "The routes: destination, prefix, next hop, metric.",
    Domains: "The domains.",
    Searches: "The search domains.",
  },
});

/** NetworkManager. */
export const networkManager: ServiceText = {
  services: [prefix],
  text: "NetworkManager: network devices, Wi-Fi, VPNs and the profiles to connect by.",
  keywords: ["nmcli", "network", "wifi", "vpn", "ethernet", "internet connection"],
  interfaces: {
    [prefix]: manager,
    [`${prefix}.Settings`]: {
      text: "The profiles. It is at /org/freedesktop/NetworkManager/Settings.",
      keywords: ["saved connections", "known wifi networks"],
      members: {
        ListConnections: { text: "The paths of all profiles.", keywords: ["saved networks"] },
        GetConnectionByUuid: { text: "The path of a profile.", arguments: { uuid: "Its UUID." } },
        AddConnection: {
          text: "Saves a new profile; does not connect.",
          arguments: { connection: settings },
          keywords: ["add a connection profile"],
        },
        AddConnectionUnsaved: {
          text: "Makes a new profile that is not saved to the disk.",
          arguments: { connection: settings },
        },
        AddConnection2: {
          text: "Makes a new profile.",
          arguments: {
            settings,
            flags: "1 to the disk, 2 in memory, 32 without connecting.",
            args: "{}.",
          },
        },
        ReloadConnections: "Reads the profiles on the disk again.",
        LoadConnections: {
          text: "Reads profiles from files.",
          arguments: { filenames: "Absolute paths." },
        },
        SaveHostname: {
          text: "Sets the host name for good.",
          arguments: { hostname: "The name." },
        },
        Hostname: "The host name that is configured.",
        NewConnection: "A profile was made.",
        ConnectionRemoved: "A profile was deleted.",
      },
    },
    [`${prefix}.Settings.Connection`]: {
      text: "A profile to connect by.",
      members: {
        GetSettings: {
          text: "The profile, without passwords.",
          keywords: ["show a connection profile"],
        },
        GetSecrets: {
          text: "The passwords of a section.",
          arguments: { setting_name: "The section." },
        },
        Update: {
          text: "Replaces the profile by another and saves it.",
          arguments: { properties: settings },
          keywords: ["change a connection profile", "static ip address"],
        },
        UpdateUnsaved: {
          text: "Replaces the profile by another without saving it.",
          arguments: { properties: settings },
        },
        Save: "Saves the profile to the disk.",
        Delete: { text: "Deletes the profile.", keywords: ["forget a wifi network"] },
        ClearSecrets: "Deletes its passwords.",
        Filename: "The file it is saved in.",
        Unsaved: "Whether there are changes that are not saved.",
      },
    },
    [`${prefix}.Connection.Active`]: {
      text: "Something that is connected.",
      keywords: ["current connection"],
      members: {
        Id: "The name of its profile.",
        Uuid: "The UUID of its profile.",
        Type: 'Its kind, such as "802-3-ethernet", "802-11-wireless" or "vpn".',
        State: "0 unknown, 1 connecting, 2 connected, 3 disconnecting, 4 disconnected.",
        Default: "Whether it has the default route for IPv4.",
        Vpn: "Whether it is a VPN.",
        Devices: "The paths of its devices.",
        Connection: "The path of its profile.",
        Ip4Config: "The path of its IPv4 settings.",
        Ip6Config: "The path of its IPv6 settings.",
        StateChanged: "Its state changed: the new one, and a number that says why.",
      },
    },
    [`${prefix}.Device`]: deviceText,
    [`${prefix}.Device.Wired`]: {
      text: "An Ethernet card.",
      members: { Carrier: "Whether a cable is plugged in.", Speed: "In Mbit/s." },
    },
    [`${prefix}.Device.Wireless`]: {
      text: "A Wi-Fi card.",
      keywords: ["wifi"],
      members: {
        GetAllAccessPoints: {
          text: "The paths of all access points in reach; RequestScan looks anew.",
          keywords: ["available wifi networks", "scan for wifi"],
        },
        GetAccessPoints: "The paths of access points in reach that show their name.",
        RequestScan: {
          text: "Looks for access points.",
          arguments: { options: "{}." },
          keywords: ["scan for wifi"],
        },
        ActiveAccessPoint: {
          text: "The path of the access point in use.",
          keywords: ["current wifi"],
        },
        Bitrate: "The speed in kbit/s.",
        LastScan: "When it last looked, in milliseconds since boot; -1 never.",
      },
    },
    [`${prefix}.AccessPoint`]: {
      text: "A Wi-Fi access point in reach.",
      members: {
        Ssid: {
          text: "The name of the network, as bytes. Anybody may choose any.",
          keywords: ["wifi name"],
        },
        Strength: {
          text: "How well it is received, in per cent.",
          keywords: ["wifi signal strength"],
        },
        Frequency: "In MHz.",
        HwAddress: "Its hardware address.",
        MaxBitrate: "In kbit/s.",
      },
    },
    [`${prefix}.IP4Config`]: addresses("IPv4"),
    [`${prefix}.IP6Config`]: addresses("IPv6"),
    [`${prefix}.DHCP4Config`]: {
      text: "What DHCP told.",
      members: { Options: "The options by name, such as routers." },
    },
    [`${prefix}.DnsManager`]: {
      text: "How names are resolved. It is at /org/freedesktop/NetworkManager/DnsManager.",
      members: {
        Configuration: { text: "The DNS servers in force.", keywords: ["which dns server"] },
        Mode: "What resolves names, such as systemd-resolved.",
        RcManager: "What writes /etc/resolv.conf.",
      },
    },
    [`${prefix}.Device.Statistics`]: {
      text: "How much went through a device. The numbers stand still while RefreshRateMs is 0.",
      members: {
        RxBytes: { text: "Bytes received.", keywords: ["network traffic"] },
        TxBytes: "Bytes sent.",
        RefreshRateMs: "How often the numbers are counted, in milliseconds; 0 never.",
      },
    },
  },
};
