import type { ServiceText } from "../curated-text.ts";

const interactive = "true: polkit may ask a person. Use false.";

/** The machine's names. */
export const hostname1: ServiceText = {
  services: ["org.freedesktop.hostname1"],
  text: "systemd-hostnamed: the machine's names, what kind of machine it is, its operating system and hardware.",
  keywords: ["hostnamectl", "host name", "operating system version", "hardware model"],
  interfaces: {
    "org.freedesktop.hostname1": {
      text: "Reads and sets the names of the machine and facts about it. It is at /org/freedesktop/hostname1.",
      members: {
        Hostname: { text: "The host name in use.", keywords: ["name of this machine"] },
        StaticHostname: "The host name that is configured, in /etc/hostname.",
        PrettyHostname: {
          text: "The name for people, such as Ada's laptop.",
          keywords: ["display name"],
        },
        HostnameSource: 'Where the name in use is from: "static", "transient" or "default".',
        Chassis: {
          text: 'The kind of machine: "desktop", "laptop", "server", "vm", "container", "tablet" and so on.',
          keywords: ["laptop or server"],
        },
        Deployment: 'What it is used for, such as "production".',
        Location: "Where it stands.",
        IconName: "The icon for it.",
        KernelName: "The kernel, such as Linux.",
        KernelRelease: { text: "The version of the kernel.", keywords: ["kernel version"] },
        OperatingSystemPrettyName: {
          text: "The operating system with its version.",
          keywords: ["which distribution", "os version"],
        },
        OperatingSystemCPEName: "The operating system by its CPE name.",
        HomeURL: "The home page of the operating system.",
        HardwareVendor: { text: "Who made the machine.", keywords: ["manufacturer"] },
        HardwareModel: { text: "The model of the machine.", keywords: ["computer model"] },
        FirmwareVersion: { text: "The version of the firmware.", keywords: ["bios version"] },
        Describe: "All of it as one JSON text.",
        GetProductUUID: { text: "The number of the hardware.", arguments: { interactive } },
        GetHardwareSerial: {
          text: "The serial number of the hardware.",
          keywords: ["serial number"],
        },
        SetHostname: {
          text: "Sets the host name until the next boot.",
          arguments: { hostname: "The name; empty for the static one.", interactive },
        },
        SetStaticHostname: {
          text: "Sets the host name for good, in /etc/hostname.",
          arguments: { hostname: "The name.", interactive },
          keywords: ["rename the machine", "change the host name"],
        },
        SetPrettyHostname: {
          text: "Sets the name for people.",
          arguments: { hostname: "Any text; empty removes it.", interactive },
          keywords: ["change the display name"],
        },
        SetChassis: {
          text: "Sets the kind of machine.",
          arguments: { chassis: 'Such as "server"; empty for what is detected.', interactive },
        },
        SetDeployment: {
          text: "Sets what the machine is used for.",
          arguments: { deployment: "One word; empty removes it.", interactive },
        },
        SetLocation: {
          text: "Sets where the machine stands.",
          arguments: { location: "Any text; empty removes it.", interactive },
        },
        SetIconName: {
          text: "Sets the icon for the machine.",
          arguments: { icon: "The name of an icon.", interactive },
        },
      },
    },
  },
};

/** The clock. */
export const timedate1: ServiceText = {
  services: ["org.freedesktop.timedate1"],
  text: "systemd-timedated: the time, the time zone, and whether the clock is kept right over the network.",
  keywords: ["timedatectl", "what time zone", "clock", "ntp"],
  interfaces: {
    "org.freedesktop.timedate1": {
      text: "Reads and sets the clock and the time zone. It is at /org/freedesktop/timedate1.",
      members: {
        Timezone: { text: "The time zone, such as Europe/Vienna.", keywords: ["what time zone"] },
        TimeUSec: { text: "The time, in microseconds since 1970.", keywords: ["what time is it"] },
        RTCTimeUSec: "The time of the hardware clock, in microseconds since 1970.",
        LocalRTC: "Whether the hardware clock is in local time.",
        NTP: { text: "Whether the clock is kept right over the network.", keywords: ["is ntp on"] },
        CanNTP: "Whether something is installed that can do that.",
        NTPSynchronized: {
          text: "Whether the clock is right at the moment.",
          keywords: ["is the clock synchronized"],
        },
        ListTimezones: { text: "All time zones by name.", keywords: ["list of time zones"] },
        SetTimezone: {
          text: "Sets the time zone.",
          arguments: { timezone: "Its name, such as Europe/Vienna.", interactive },
          keywords: ["change the time zone"],
        },
        SetNTP: {
          text: "Turns keeping the clock right over the network on or off.",
          arguments: { use_ntp: "true: on.", interactive },
          keywords: ["turn on ntp", "time synchronization"],
        },
        SetLocalRTC: {
          text: "Says whether the hardware clock is in local time.",
          arguments: {
            local_rtc: "true: local time; false: UTC (usual).",
            fix_system: "true: set the system clock from the hardware clock; false: the other way.",
            interactive,
          },
        },
        SetTime: {
          text: "Sets the clock.",
          arguments: {
            usec_utc: "Microseconds since 1970, or to be added.",
            relative: "true: to be added.",
            interactive,
          },
        },
      },
    },
  },
};

/** Language and keyboard. */
export const locale1: ServiceText = {
  services: ["org.freedesktop.locale1"],
  text: "systemd-localed: the language of the system and its keyboard layouts.",
  keywords: ["localectl", "language", "keyboard layout"],
  interfaces: {
    "org.freedesktop.locale1": {
      text: "Reads and sets language and keyboard. It is at /org/freedesktop/locale1.",
      members: {
        Locale: {
          text: "The language as variables, such as LANG=de_AT.UTF-8.",
          keywords: ["system language"],
        },
        VConsoleKeymap: "The keyboard layout of the text console.",
        X11Layout: { text: "The keyboard layout of the desktop.", keywords: ["keyboard layout"] },
        X11Model: "The model of the keyboard.",
        X11Variant: "The variant of the layout.",
        X11Options: "Options of the layout, such as compose:ralt.",
        SetLocale: {
          text: "Sets the language of the system, from the next login.",
          arguments: { locale: 'Variables, such as ["LANG=de_AT.UTF-8"].', interactive },
          keywords: ["change the language"],
        },
        SetVConsoleKeyboard: {
          text: "Sets the keyboard layout of the text console.",
          arguments: {
            keymap: "Such as us or de-latin1.",
            keymap_toggle: "A second layout, or empty.",
            convert: "true: set that of the desktop to match.",
            interactive,
          },
        },
        SetX11Keyboard: {
          text: "Sets the keyboard layout of the desktop.",
          arguments: {
            layout: "Such as us or de.",
            model: "Such as pc105, or empty.",
            variant: "Such as nodeadkeys, or empty.",
            options: "Such as compose:ralt, or empty.",
            convert: "true: set that of the text console to match.",
            interactive,
          },
          keywords: ["change the keyboard layout"],
        },
      },
    },
  },
};

/** How much systemd's own services log. */
export const logControl1: ServiceText = {
  services: ["*"],
  text: "A service whose logging can be turned up and down.",
  interfaces: {
    "org.freedesktop.LogControl1": {
      text: "How much a service logs, and where to.",
      members: {
        LogLevel: {
          text: 'How much: "emerg", "alert", "crit", "err", "warning", "notice", "info" or "debug".',
          keywords: ["debug logging"],
        },
        LogTarget: 'Where to: "journal", "console", "kmsg", "syslog", "null" and so on.',
        SyslogIdentifier: "The name its lines have in the journal.",
      },
    },
  },
};
