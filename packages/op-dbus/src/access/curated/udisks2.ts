import type { ServiceTable } from "../service-table.ts";

const modifyDevice = "org.freedesktop.udisks2.modify-device";
const drive = "org.freedesktop.udisks2.modify-drive-settings";
const raid = "org.freedesktop.udisks2.manage-md-raid";

/** Disks. What writes over one is forbidden: nothing brings it back. */
export const udisks2: ServiceTable = {
  services: ["org.freedesktop.UDisks2"],
  interfaces: {
    "org.freedesktop.UDisks2.Manager": {
      methods: {
        observe: `CanCheck CanFormat CanRepair CanResize GetBlockDevices GetDrives ResolveDevice`,
        destructive: "EnableModule EnableModules",
        forbidden: "LoopSetup MDRaidCreate",
      },
      idempotent: "EnableModule EnableModules",
      polkit: { "org.freedesktop.udisks2.loop-setup": "LoopSetup", [raid]: "MDRaidCreate" },
    },
    "org.freedesktop.UDisks2.Block": {
      methods: {
        change: "Rescan",
        destructive: "AddConfigurationItem RemoveConfigurationItem UpdateConfigurationItem",
        forbidden: `Format GetSecretConfiguration OpenDevice OpenForBackup OpenForBenchmark OpenForRestore
          RestoreEncryptedHeader`,
      },
      idempotent: "Rescan",
      polkit: {
        [modifyDevice]: "Format",
        "org.freedesktop.udisks2.rescan": "Rescan",
        "org.freedesktop.udisks2.open-device": `OpenDevice OpenForBackup OpenForBenchmark OpenForRestore`,
        "org.freedesktop.udisks2.read-system-configuration-secrets": "GetSecretConfiguration",
        "org.freedesktop.udisks2.modify-system-configuration": `AddConfigurationItem RemoveConfigurationItem
          UpdateConfigurationItem`,
      },
    },
    "org.freedesktop.UDisks2.Filesystem": {
      methods: {
        change: "Check Mount SetLabel Unmount",
        destructive: "Resize SetUUID TakeOwnership",
        forbidden: "Repair",
      },
      idempotent: "Check Resize SetLabel SetUUID TakeOwnership",
      polkit: {
        "org.freedesktop.udisks2.filesystem-mount": "Mount",
        "org.freedesktop.udisks2.filesystem-unmount-others": "Unmount",
        "org.freedesktop.udisks2.filesystem-take-ownership": "TakeOwnership",
        [modifyDevice]: "Check Repair Resize SetLabel SetUUID",
      },
    },
    "org.freedesktop.UDisks2.Partition": {
      methods: { destructive: "Resize SetFlags SetName SetType SetUUID", forbidden: "Delete" },
      idempotent: "Resize SetFlags SetName SetType SetUUID",
      polkit: { [modifyDevice]: "Delete Resize SetFlags SetName SetType SetUUID" },
    },
    "org.freedesktop.UDisks2.PartitionTable": {
      methods: { destructive: "CreatePartition", forbidden: "CreatePartitionAndFormat" },
      polkit: { [modifyDevice]: "CreatePartition CreatePartitionAndFormat" },
    },
    "org.freedesktop.UDisks2.Drive": {
      methods: { change: "Eject", destructive: "PowerOff SetConfiguration" },
      idempotent: "Eject PowerOff SetConfiguration",
      polkit: {
        "org.freedesktop.udisks2.eject-media": "Eject",
        "org.freedesktop.udisks2.power-off-drive": "PowerOff",
        [drive]: "SetConfiguration",
      },
    },
    "org.freedesktop.UDisks2.Drive.Ata": {
      methods: {
        observe: "PmGetState SmartGetAttributes",
        change: `PmStandby PmWakeup SmartSelftestAbort SmartSelftestStart SmartUpdate`,
        destructive: "SmartSetEnabled",
        forbidden: "SecurityEraseUnit",
      },
      idempotent: "PmStandby PmWakeup SmartSelftestAbort SmartSetEnabled SmartUpdate",
      polkit: {
        "org.freedesktop.udisks2.ata-check-power": "PmGetState",
        "org.freedesktop.udisks2.ata-standby": "PmStandby PmWakeup",
        "org.freedesktop.udisks2.ata-smart-update": "SmartUpdate",
        "org.freedesktop.udisks2.ata-smart-selftest": "SmartSelftestAbort SmartSelftestStart",
        "org.freedesktop.udisks2.ata-smart-enable-disable": "SmartSetEnabled",
        "org.freedesktop.udisks2.ata-secure-erase": "SecurityEraseUnit",
      },
    },
    "org.freedesktop.UDisks2.Encrypted": {
      methods: { forbidden: "ChangePassphrase Convert HeaderBackup Lock Resize Unlock" },
      polkit: {
        "org.freedesktop.udisks2.encrypted-unlock": "Unlock",
        "org.freedesktop.udisks2.encrypted-change-passphrase": "ChangePassphrase",
        "org.freedesktop.udisks2.encrypted-lock-others": "Lock",
      },
    },
    "org.freedesktop.UDisks2.Loop": {
      methods: { destructive: "SetAutoclear SetCapacity", forbidden: "Delete" },
      idempotent: "SetAutoclear SetCapacity",
      polkit: {
        "org.freedesktop.udisks2.loop-delete-others": "Delete",
        "org.freedesktop.udisks2.loop-modify-others": "SetAutoclear SetCapacity",
      },
    },
    "org.freedesktop.UDisks2.MDRaid": {
      methods: {
        forbidden: `AddDevice Delete RemoveDevice RequestSyncAction SetBitmapLocation Start Stop`,
      },
      polkit: {
        [raid]: `AddDevice Delete RemoveDevice RequestSyncAction SetBitmapLocation Start Stop`,
      },
    },
    "org.freedesktop.UDisks2.Swapspace": {
      methods: { change: "SetLabel Start", destructive: "SetUUID Stop" },
      idempotent: "SetLabel SetUUID",
      polkit: { "org.freedesktop.udisks2.manage-swapspace": "Start Stop" },
    },
    "org.freedesktop.UDisks2.Job": {
      methods: { change: "Cancel" },
      polkit: { "org.freedesktop.udisks2.cancel-job": "Cancel" },
    },
    "org.freedesktop.UDisks2.Manager.NVMe": {
      methods: { destructive: "Connect SetHostID SetHostNQN" },
      idempotent: "SetHostID SetHostNQN",
    },
    "org.freedesktop.UDisks2.NVMe.Controller": {
      methods: {
        observe: "SmartGetAttributes",
        change: "SmartSelftestAbort SmartSelftestStart SmartUpdate",
        forbidden: "SanitizeStart",
      },
      idempotent: "SmartSelftestAbort SmartUpdate",
    },
    "org.freedesktop.UDisks2.NVMe.Namespace": { methods: { forbidden: "FormatNamespace" } },
    "org.freedesktop.UDisks2.NVMe.Fabrics": { methods: { destructive: "Disconnect" } },
  },
};
