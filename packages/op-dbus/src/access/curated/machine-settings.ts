import type { ServiceTable } from "../service-table.ts";

/** The names of the machine. */
export const hostname1: ServiceTable = {
  services: ["org.freedesktop.hostname1"],
  interfaces: {
    "org.freedesktop.hostname1": {
      methods: {
        sensitive: "Describe GetHardwareSerial GetProductUUID",
        change: "SetChassis SetDeployment SetIconName SetLocation SetPrettyHostname",
        destructive: "SetHostname SetStaticHostname",
      },
      secret: "BootID MachineID",
      idempotent: `SetChassis SetDeployment SetHostname SetIconName SetLocation SetPrettyHostname SetStaticHostname`,
      polkit: {
        "org.freedesktop.hostname1.set-hostname": "SetHostname",
        "org.freedesktop.hostname1.set-static-hostname": "SetStaticHostname",
        "org.freedesktop.hostname1.set-machine-info":
          "SetChassis SetDeployment SetIconName SetLocation SetPrettyHostname",
        "org.freedesktop.hostname1.get-product-uuid": "GetProductUUID",
        "org.freedesktop.hostname1.get-hardware-serial": "GetHardwareSerial",
        "org.freedesktop.hostname1.get-description": "Describe",
      },
    },
  },
};

/** The clock. */
export const timedate1: ServiceTable = {
  services: ["org.freedesktop.timedate1"],
  interfaces: {
    "org.freedesktop.timedate1": {
      methods: {
        observe: "ListTimezones",
        destructive: "SetLocalRTC SetNTP SetTimezone",
        forbidden: "SetTime",
      },
      idempotent: "SetLocalRTC SetNTP SetTimezone",
      polkit: {
        "org.freedesktop.timedate1.set-time": "SetTime",
        "org.freedesktop.timedate1.set-timezone": "SetTimezone",
        "org.freedesktop.timedate1.set-local-rtc": "SetLocalRTC",
        "org.freedesktop.timedate1.set-ntp": "SetNTP",
      },
    },
  },
};

/** Where the clock gets the time from. */
export const timesync1: ServiceTable = {
  services: ["org.freedesktop.timesync1"],
  interfaces: {
    "org.freedesktop.timesync1.Manager": {
      methods: { destructive: "SetRuntimeNTPServers" },
      idempotent: "SetRuntimeNTPServers",
      polkit: { "org.freedesktop.timesync1.set-runtime-servers": "SetRuntimeNTPServers" },
    },
  },
};

/** Language and keyboard. */
export const locale1: ServiceTable = {
  services: ["org.freedesktop.locale1"],
  interfaces: {
    "org.freedesktop.locale1": {
      methods: { destructive: "SetLocale SetVConsoleKeyboard SetX11Keyboard" },
      idempotent: "SetLocale SetVConsoleKeyboard SetX11Keyboard",
      polkit: {
        "org.freedesktop.locale1.set-locale": "SetLocale",
        "org.freedesktop.locale1.set-keyboard": "SetVConsoleKeyboard SetX11Keyboard",
      },
    },
  },
};

/** How much systemd's services write to the log. */
export const logControl1: ServiceTable = {
  services:
    `systemd1 login1 hostname1 timedate1 timesync1 locale1 resolve1 network1 machine1 portable1 import1`
      .split(" ")
      .map((name) => `org.freedesktop.${name}`),
  interfaces: {
    "org.freedesktop.LogControl1": { writable: { change: "LogLevel", destructive: "LogTarget" } },
  },
};
