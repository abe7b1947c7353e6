import type { ServiceTable } from "../service-table.ts";

/** Batteries and mains. */
export const upower: ServiceTable = {
  services: ["org.freedesktop.UPower"],
  interfaces: {
    "org.freedesktop.UPower": {
      methods: { observe: "EnumerateDevices GetCriticalAction GetDisplayDevice" },
    },
    "org.freedesktop.UPower.Device": {
      methods: {
        observe: "GetHistory GetStatistics",
        change: "EnableChargeThreshold Refresh",
      },
      idempotent: "EnableChargeThreshold Refresh",
    },
    "org.freedesktop.UPower.KbdBacklight": {
      methods: { observe: "GetBrightness GetMaxBrightness", change: "SetBrightness" },
      idempotent: "SetBrightness",
    },
  },
};

/** Whether the machine is to be fast or to last long. */
export const powerProfiles: ServiceTable = {
  services: ["net.hadess.PowerProfiles", "org.freedesktop.UPower.PowerProfiles"],
  interfaces: {
    "net.hadess.PowerProfiles": {
      methods: { change: "HoldProfile ReleaseProfile" },
      writable: { change: "ActiveProfile" },
    },
    "org.freedesktop.UPower.PowerProfiles": {
      methods: { change: "HoldProfile ReleaseProfile SetActionEnabled" },
      writable: { change: "ActiveProfile" },
    },
  },
};

/** Which graphics card is used. */
export const switcheroo: ServiceTable = {
  services: ["net.hadess.SwitcherooControl"],
  interfaces: { "net.hadess.SwitcherooControl": {} },
};

/** Colour profiles of screens and printers. */
export const colorManager: ServiceTable = {
  services: ["org.freedesktop.ColorManager"],
  interfaces: {
    "org.freedesktop.ColorManager": {
      methods: {
        observe: `FindDeviceById FindDeviceByProperty FindProfileByFilename FindProfileById FindProfileByProperty
          FindSensorById GetDevices GetDevicesByKind GetProfiles GetProfilesByKind GetSensors GetStandardSpace`,
        change: "CreateDevice CreateProfile CreateProfileWithFd",
        destructive: "DeleteDevice DeleteProfile",
      },
    },
    "org.freedesktop.ColorManager.Profile": {
      methods: { destructive: "InstallSystemWide SetProperty" },
      idempotent: "InstallSystemWide SetProperty",
    },
  },
};

/** Thunderbolt. Whoever lets a device in lets it read the memory. */
export const bolt1: ServiceTable = {
  services: ["org.freedesktop.bolt"],
  interfaces: {
    "org.freedesktop.bolt1.Manager": {
      methods: {
        observe: "DeviceByUid DomainById ListDevices ListDomains",
        destructive: "ForgetDevice",
        forbidden: "EnrollDevice",
      },
      writable: { forbidden: "AuthMode" },
    },
    "org.freedesktop.bolt1.Power": { methods: { observe: "ListGuards", change: "ForcePower" } },
    "org.freedesktop.bolt1.Device": { methods: { forbidden: "Authorize" } },
  },
};

/** Threads that go before all others. */
export const realtimeKit: ServiceTable = {
  services: ["org.freedesktop.RealtimeKit1"],
  interfaces: {
    "org.freedesktop.RealtimeKit1": {
      methods: {
        destructive: `MakeThreadHighPriority MakeThreadHighPriorityWithPID MakeThreadRealtime MakeThreadRealtimeWithPID
          ResetAll ResetKnown`,
        forbidden: "Exit",
      },
    },
  },
};

/** Firmware of devices. */
export const fwupd: ServiceTable = {
  services: ["org.freedesktop.fwupd"],
  interfaces: {
    "org.freedesktop.fwupd": {
      methods: {
        observe: `GetApprovedFirmware GetBlockedFirmware GetDevices GetDowngrades GetHistory GetHostSecurityAttrs
          GetHostSecurityEvents GetPlugins GetReleases GetRemotes GetResults GetUpgrades`,
        sensitive: "GetBiosSettings GetReportMetadata",
        destructive: "ClearResults UpdateMetadata Verify VerifyUpdate",
        forbidden: `Activate Install ModifyConfig ModifyDevice ModifyRemote SelfSign SetApprovedFirmware SetBiosSettings
          SetBlockedFirmware Unlock`,
      },
    },
  },
};
