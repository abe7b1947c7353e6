import type { ServiceTable } from "../service-table.ts";

/** Messages to whoever sits before the screen. */
export const notifications: ServiceTable = {
  services: ["org.freedesktop.Notifications"],
  interfaces: {
    "org.freedesktop.Notifications": {
      methods: {
        observe: "GetCapabilities GetServerInformation",
        change: "CloseNotification Notify",
      },
    },
  },
};

/** The screen saver. */
export const screenSaver: ServiceTable = {
  services: ["org.freedesktop.ScreenSaver"],
  interfaces: {
    "org.freedesktop.ScreenSaver": {
      methods: {
        observe: "GetActive GetActiveTime GetSessionIdleTime",
        change: "Inhibit Lock SimulateUserActivity UnInhibit",
        forbidden: "SetActive",
      },
      idempotent: "Lock",
    },
  },
};

/** What desktops show and take in for other programs. */
export const portals: ServiceTable = {
  services: ["org.freedesktop.portal.Desktop"],
  interfaces: {
    "org.freedesktop.portal.Screenshot": { methods: { sensitive: "PickColor Screenshot" } },
    "org.freedesktop.portal.Settings": { methods: { observe: "Read ReadAll ReadOne" } },
    "org.freedesktop.portal.Notification": {
      methods: { change: "AddNotification RemoveNotification" },
    },
  },
};

/** Players of music and films. */
export const mediaPlayers: ServiceTable = {
  services: ["org.mpris.MediaPlayer2.*"],
  interfaces: {
    "org.mpris.MediaPlayer2": { methods: { change: "Raise", destructive: "Quit" } },
    "org.mpris.MediaPlayer2.Player": {
      methods: {
        change: "Next Pause Play PlayPause Previous Seek SetPosition Stop",
        destructive: "OpenUri",
      },
      writable: { change: "LoopStatus Rate Shuffle Volume" },
      idempotent: "Pause Play SetPosition Stop",
    },
  },
};
