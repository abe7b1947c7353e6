import type { ServiceText } from "../curated-text.ts";

const sessionId = "The session, as ListSessions has it.";
const seatId = 'The seat, usually "seat0".';
const interactive = "true: polkit may ask a person.";
const can = 'Answers "yes", "no", "na" (the machine cannot) or "challenge" (after a password).';

/** Logins and power. */
export const login1: ServiceText = {
  services: ["org.freedesktop.login1"],
  text: "systemd-logind: who is logged in, on which seats, and the machine's power: shutdown, sleep, inhibitors.",
  keywords: ["loginctl", "logged in users", "reboot", "power off", "suspend"],
  interfaces: {
    "org.freedesktop.login1.Manager": {
      text: "Lists sessions, users, seats and inhibitors, locks screens, and turns the machine off. It is at /org/freedesktop/login1.",
      members: {
        ListSessions: {
          text: "All sessions: id, user id, user name, seat, path.",
          keywords: ["who is logged in"],
        },
        ListUsers: { text: "Users with sessions: id, name, path.", keywords: ["logged in users"] },
        ListSeats: "All seats: name and path.",
        ListInhibitors: {
          text: "What holds up sleep or shutdown: what, who, why, mode, user id, process id.",
          keywords: ["what prevents sleep", "what blocks shutdown"],
        },
        GetSession: { text: "The object path of a session.", arguments: { session_id: sessionId } },
        GetSessionByPID: {
          text: "The session a process belongs to.",
          arguments: { pid: "The process; 0 is the caller." },
        },
        GetUser: {
          text: "The object path of a user who is logged in.",
          arguments: { uid: "The user's number." },
        },
        GetSeat: { text: "The object path of a seat.", arguments: { seat_id: seatId } },
        ActivateSession: {
          text: "Brings a session to the front of its seat.",
          arguments: { session_id: sessionId },
        },
        LockSession: {
          text: "Locks the screen of a session.",
          arguments: { session_id: sessionId },
          keywords: ["lock the screen"],
        },
        LockSessions: {
          text: "Locks the screens of all sessions.",
          keywords: ["lock all screens"],
        },
        UnlockSession: {
          text: "Unlocks the screen of a session.",
          arguments: { session_id: sessionId },
        },
        TerminateSession: {
          text: "Ends a session and its processes.",
          arguments: { session_id: sessionId },
          keywords: ["log somebody out"],
        },
        SetUserLinger: {
          text: "Whether a user's services go on without a login.",
          arguments: { uid: "The user's number.", enable: "true: they do.", interactive },
          keywords: ["enable linger"],
        },
        SetWallMessage: {
          text: "The message that everybody sees before a shutdown.",
          arguments: { wall_message: "The text.", enable: "Whether it is shown." },
        },
        PowerOff: {
          text: "Turns the machine off.",
          arguments: { interactive },
          keywords: ["shut down", "turn off"],
        },
        Reboot: {
          text: "Starts the machine anew.",
          arguments: { interactive },
          keywords: ["restart the machine"],
        },
        Suspend: {
          text: "Sends the machine to sleep.",
          arguments: { interactive },
          keywords: ["sleep"],
        },
        Hibernate: {
          text: "Saves the memory to the disk and turns the machine off.",
          arguments: { interactive },
        },
        ScheduleShutdown: {
          text: "Plans a shutdown.",
          arguments: {
            type: '"poweroff", "reboot", "halt" or "kexec".',
            usec: "When, in microseconds since 1970.",
          },
        },
        CancelScheduledShutdown: {
          text: "Gives up a planned shutdown; answers whether there was one.",
          keywords: ["cancel shutdown"],
        },
        CanPowerOff: { text: `Whether the caller may turn the machine off. ${can}` },
        CanReboot: { text: `Whether the caller may reboot. ${can}` },
        CanSuspend: { text: `Whether the caller may suspend. ${can}`, keywords: ["can it sleep"] },
        CanHibernate: { text: `Whether the caller may hibernate. ${can}` },
        Inhibit: {
          text: "Holds up sleep or shutdown as long as the file descriptor it answers with is open.",
          arguments: {
            what: 'Such as "sleep:shutdown:idle".',
            who: "The name of the program.",
            why: "The reason.",
            mode: '"block" or "delay".',
          },
        },
        ScheduledShutdown: {
          text: "The planned shutdown: its type and its time in microseconds since 1970; empty if none is.",
          keywords: ["is a shutdown planned"],
        },
        IdleHint: "Whether nobody has done anything for a while.",
        BlockInhibited: "What inhibitors block at the moment.",
        HandleLidSwitch: {
          text: "What happens when the lid is closed.",
          keywords: ["close the lid"],
        },
        HandlePowerKey: "What happens when the power key is pressed.",
        LidClosed: "Whether the lid is closed.",
        OnExternalPower: { text: "Whether the machine is plugged in.", keywords: ["on battery"] },
        Docked: "Whether the machine is in a dock.",
        PreparingForShutdown: "Whether a shutdown has begun.",
        NCurrentSessions: "How many sessions there are.",
        SessionNew: "Somebody logged in: session id and path.",
        SessionRemoved: "A session ended: session id and path.",
        UserNew: "A user has a first session: user id and path.",
        UserRemoved: "A user has no session any more.",
        PrepareForShutdown: "A shutdown begins (true) or was given up (false).",
        PrepareForSleep: "The machine goes to sleep (true) or woke up (false).",
      },
    },
    "org.freedesktop.login1.Session": {
      text: "One login of a user.",
      keywords: ["session of a user"],
      members: {
        Activate: "Brings the session to the front.",
        Lock: "Locks its screen; as a signal: it is asked to lock.",
        Unlock: "Unlocks its screen; as a signal: it is asked to unlock.",
        Terminate: "Ends the session and its processes.",
        SetBrightness: {
          text: "Sets the brightness of a screen or of keys.",
          arguments: {
            subsystem: '"backlight" or "leds".',
            name: "The device in /sys/class.",
            brightness: "Up to the device's max_brightness.",
          },
          keywords: ["screen brightness", "dim the screen"],
        },
        Id: "Its number.",
        Name: "The user's name.",
        User: "The user: number and path.",
        State: '"online", "active" (in front) or "closing".',
        Active: "Whether it is in front.",
        Type: 'How it shows itself: "tty", "x11", "wayland", "mir", "unspecified".',
        Class: '"user", "greeter", "lock-screen", "background".',
        Remote: "Whether it comes from another machine.",
        RemoteHost: {
          text: "The machine it comes from.",
          keywords: ["where did somebody log in from"],
        },
        Service: "What opened it, such as sshd.",
        TTY: "Its terminal.",
        Leader: "The process that opened it.",
        LockedHint: { text: "Whether its screen is locked.", keywords: ["is the screen locked"] },
        IdleHint: "Whether nobody has done anything in it for a while.",
        Timestamp: "When it began, in microseconds since 1970.",
      },
    },
    "org.freedesktop.login1.User": {
      text: "A user who has sessions.",
      members: {
        Name: "The name.",
        UID: "The number.",
        State: '"offline", "lingering", "online", "active" or "closing".',
        Sessions: "The sessions: ids and paths.",
        Linger: "Whether the user's services go on without a login.",
        RuntimePath: "The folder in /run.",
      },
    },
    "org.freedesktop.login1.Seat": {
      text: "A screen and a keyboard that belong together.",
      members: {
        ActiveSession: "The session in front: id and path.",
        Sessions: "Its sessions.",
        ActivateSession: {
          text: "Brings a session to the front.",
          arguments: { session_id: sessionId },
        },
        SwitchTo: { text: "Switches to a virtual terminal.", arguments: { vtnr: "Its number." } },
      },
    },
  },
};
