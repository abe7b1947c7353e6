import type { ServiceText } from "../curated-text.ts";

const prefix = "org.freedesktop.UDisks2";
const options = "{} unless you know better.";

/** Disks. */
export const udisks2: ServiceText = {
  services: [prefix],
  text: "UDisks2: disks, partitions, file systems, mounting and the health of drives.",
  keywords: ["disks", "mount a usb stick", "partitions", "smart", "udisksctl"],
  interfaces: {
    [`${prefix}.Manager`]: {
      text: "Lists what there is and can be done. It is at /org/freedesktop/UDisks2/Manager.",
      members: {
        GetBlockDevices: {
          text: "The paths of all block devices.",
          arguments: { options },
          keywords: ["list disks"],
        },
        ResolveDevice: {
          text: "Block devices by path, label or UUID.",
          arguments: { devspec: 'Such as {"path": "/dev/sda1"} or {"label": "BACKUP"}.', options },
          keywords: ["find a disk"],
        },
        CanFormat: {
          text: "Whether a kind of file system can be made here, and which program is missing.",
          arguments: { type: "Such as ext4." },
        },
        CanCheck: {
          text: "Whether a kind of file system can be checked here.",
          arguments: { type: "Such as ext4." },
        },
        CanResize: {
          text: "Whether a kind of file system can be resized here, and how.",
          arguments: { type: "Such as ext4." },
        },
        CanRepair: {
          text: "Whether a kind of file system can be repaired here.",
          arguments: { type: "Such as ext4." },
        },
        Version: "The version of UDisks2.",
        SupportedFilesystems: "Kinds of file systems that can be made.",
      },
    },
    [`${prefix}.Block`]: {
      text: "A block device, such as /dev/sda1.",
      members: {
        Device: "Its file, as bytes that end in zero.",
        Size: { text: "In bytes.", keywords: ["size of a disk"] },
        IdLabel: "The label of what is on it. Anybody may have chosen it.",
        IdType: "What is on it, such as ext4 or crypto_LUKS.",
        IdUUID: "The UUID of what is on it.",
        IdUsage: '"filesystem", "crypto", "raid" or other.',
        Drive: "The path of its drive.",
        ReadOnly: "Whether it cannot be written.",
        HintSystem: "Whether it belongs to the system, and not to a user.",
        Rescan: { text: "Looks anew at what is on it.", arguments: { options } },
        Format: {
          text: "Erases it and makes a file system on it.",
          arguments: { type: "Such as ext4, vfat or empty.", options },
        },
      },
    },
    [`${prefix}.Filesystem`]: {
      text: "A file system on a block device.",
      keywords: ["mount", "unmount"],
      members: {
        Mount: {
          text: "Mounts it and answers with the folder.",
          arguments: { options: '{} or such as {"options": "ro"}.' },
          keywords: ["mount a usb stick", "open a disk"],
        },
        Unmount: {
          text: "Unmounts it.",
          arguments: { options: '{} or {"force": true}.' },
          keywords: ["eject safely"],
        },
        Check: {
          text: "Checks it without changing anything; it must not be mounted.",
          arguments: { options },
        },
        Repair: { text: "Repairs it; it must not be mounted.", arguments: { options } },
        Resize: {
          text: "Changes its size.",
          arguments: { size: "In bytes; 0 for all there is.", options },
        },
        SetLabel: { text: "Sets its label.", arguments: { label: "The label.", options } },
        MountPoints: {
          text: "Where it is mounted, as bytes that end in zero.",
          keywords: ["where is a disk mounted"],
        },
        Size: "In bytes; 0 where unknown.",
      },
    },
    [`${prefix}.Drive`]: {
      text: "A drive: a disk, a stick, a reader.",
      members: {
        Model: { text: "The model.", keywords: ["which disk is built in"] },
        Vendor: "Who made it.",
        Serial: "The serial number.",
        Size: "In bytes.",
        Removable: "Whether it, or what is in it, can be taken out.",
        Ejectable: "Whether what is in it can be ejected.",
        RotationRate: {
          text: "Turns a minute; 0 for no turning parts, -1 where unknown.",
          keywords: ["ssd or hdd"],
        },
        ConnectionBus: 'Such as "usb".',
        Eject: { text: "Ejects what is in it.", arguments: { options }, keywords: ["eject"] },
        PowerOff: { text: "Turns it off, so that it can be pulled out.", arguments: { options } },
      },
    },
    [`${prefix}.Drive.Ata`]: {
      text: "The health of an ATA drive.",
      keywords: ["smart", "is the disk failing", "disk health"],
      members: {
        SmartFailing: {
          text: "Whether it says that it is about to fail.",
          keywords: ["is the disk failing"],
        },
        SmartTemperature: { text: "In kelvin; 0 where unknown.", keywords: ["disk temperature"] },
        SmartPowerOnSeconds: "How long it has run.",
        SmartNumBadSectors: "How many sectors are bad; -1 where unknown.",
        SmartSelftestStatus: "How its last self-test went.",
        SmartUpdated:
          "When this was read, in seconds since 1970; 0 never. SmartUpdate reads it anew.",
        SmartUpdate: { text: "Reads the state anew.", arguments: { options } },
        SmartGetAttributes: { text: "All attributes of its health.", arguments: { options } },
        SmartSelftestStart: {
          text: "Begins a self-test.",
          arguments: { type: '"short", "extended" or "conveyance".', options },
        },
        PmGetState: {
          text: "Whether it turns: 0 standby, 255 active.",
          arguments: { options },
        },
      },
    },
    [`${prefix}.Partition`]: {
      text: "A partition.",
      members: {
        Number: "Its number.",
        Type: "Its type, as a number or a UUID.",
        Offset: "Where it begins, in bytes.",
        Size: "In bytes.",
        Name: "Its name, in tables that have names.",
        Table: "The path of its table.",
        Delete: { text: "Deletes it with all that is on it.", arguments: { options } },
      },
    },
    [`${prefix}.PartitionTable`]: {
      text: "A table of partitions.",
      members: {
        Type: '"gpt" or "dos".',
        Partitions: "The paths of its partitions.",
        CreatePartition: {
          text: "Makes a partition in free space.",
          arguments: {
            offset: "Where, in bytes.",
            size: "In bytes; 0 for all there is.",
            type: "A number or a UUID; empty for the usual.",
            name: "A name, or empty.",
            options,
          },
        },
      },
    },
    [`${prefix}.Encrypted`]: {
      text: "An encrypted device.",
      members: {
        CleartextDevice: "The path of what is inside, while it is unlocked.",
        Unlock: {
          text: "Unlocks it.",
          arguments: { passphrase: "The passphrase.", options },
          keywords: ["unlock luks"],
        },
        Lock: { text: "Locks it.", arguments: { options } },
      },
    },
    [`${prefix}.Loop`]: {
      text: "A file as a block device.",
      members: { BackingFile: "The file, as bytes that end in zero." },
    },
    [`${prefix}.Swapspace`]: {
      text: "Swap space.",
      members: {
        Active: "Whether it is in use.",
        Start: { text: "Begins to use it.", arguments: { options } },
        Stop: { text: "Ends using it.", arguments: { options } },
      },
    },
    [`${prefix}.Job`]: {
      text: "Something that takes a while.",
      members: {
        Operation: "What it is, such as filesystem-mount.",
        Progress: "Between 0 and 1.",
        Cancel: { text: "Gives it up.", arguments: { options } },
      },
    },
    [`${prefix}.NVMe.Controller`]: {
      text: "The health of an NVMe drive.",
      members: {
        SmartCriticalWarning: "What is wrong; empty if nothing is.",
        SmartTemperature: "In kelvin.",
        SmartPowerOnHours: "How long it has run.",
        SmartUpdate: { text: "Reads the state anew.", arguments: { options } },
      },
    },
  },
};
