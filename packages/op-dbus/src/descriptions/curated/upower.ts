import type { ServiceText } from "../curated-text.ts";

/** Batteries. */
export const upower: ServiceText = {
  services: ["org.freedesktop.UPower"],
  text: "UPower: batteries, mains, and how long they last.",
  keywords: ["battery", "charge", "power supply", "how long does the battery last"],
  interfaces: {
    "org.freedesktop.UPower": {
      text: "Lists power devices. It is at /org/freedesktop/UPower.",
      members: {
        EnumerateDevices: {
          text: "The paths of batteries, mains and devices with batteries.",
          keywords: ["list batteries"],
        },
        GetDisplayDevice: {
          text: "The path of the one that stands for all batteries together.",
          keywords: ["battery level"],
        },
        GetCriticalAction:
          "What happens when the battery is empty, such as HybridSleep or PowerOff.",
        OnBattery: {
          text: "Whether the machine runs on its battery.",
          keywords: ["is it plugged in"],
        },
        LidIsClosed: "Whether the lid is closed.",
        LidIsPresent: "Whether there is a lid.",
        DaemonVersion: "The version of UPower.",
        DeviceAdded: "A power device appeared.",
        DeviceRemoved: "A power device is gone.",
      },
    },
    "org.freedesktop.UPower.Device": {
      text: "A battery, a mains adapter, or a device with a battery.",
      members: {
        Percentage: { text: "How full it is.", keywords: ["battery level", "charge"] },
        State: {
          text: "1 charging, 2 discharging, 3 empty, 4 full, 5 about to charge, 6 about to discharge, 0 unknown.",
          keywords: ["is it charging"],
        },
        TimeToEmpty: {
          text: "Seconds until it is empty; 0 where unknown.",
          keywords: ["how long does the battery last"],
        },
        TimeToFull: "Seconds until it is full; 0 where unknown.",
        Energy: "What is in it, in watt hours.",
        EnergyFull: "What goes into it, in watt hours.",
        EnergyFullDesign: "What went into it when it was new, in watt hours.",
        EnergyRate: { text: "What it gives or takes, in watts.", keywords: ["power consumption"] },
        Capacity: {
          text: "How much of what it once held it still holds, in per cent.",
          keywords: ["battery health", "battery wear"],
        },
        ChargeCycles: "How often it was charged; -1 where unknown.",
        Type: "1 mains, 2 battery, 3 uninterruptible supply, 4 monitor, 5 mouse, 6 keyboard, 8 phone, 17 headset and others.",
        Online: "Whether a mains adapter gives power.",
        WarningLevel: "1 none, 2 discharging, 3 low, 4 critical, 5 action.",
        Temperature: "In degrees Celsius.",
        Voltage: "In volts.",
        Model: "The model.",
        Vendor: "Who made it.",
        IsPresent: "Whether the battery is in its bay.",
        PowerSupply: "Whether it feeds the machine, and not only itself.",
        Refresh: "Reads its values anew.",
        GetHistory: {
          text: "Earlier values: time in seconds since 1970, value, state.",
          arguments: {
            type: '"rate" or "charge".',
            timespan: "How far back, in seconds.",
            resolution: "How many values.",
          },
        },
        GetStatistics: {
          text: "How well predictions were, over the charge.",
          arguments: { type: '"charging" or "discharging".' },
        },
      },
    },
  },
};
