import type { ServiceTable } from "../service-table.ts";

/** The manager of logins, seats and the machine's power. */
export const login1: ServiceTable = {
  services: ["org.freedesktop.login1"],
  interfaces: {
    "org.freedesktop.login1.Manager": {
      methods: {
        observe: `CanHalt CanHibernate CanHybridSleep CanPowerOff CanReboot CanRebootParameter CanRebootToBootLoaderEntry
          CanRebootToBootLoaderMenu CanRebootToFirmwareSetup CanSleep CanSuspend CanSuspendThenHibernate GetSeat GetSession
          GetSessionByPID GetUser GetUserByPID ListInhibitors ListSeats ListSessions ListSessionsEx ListUsers`,
        change: `ActivateSession ActivateSessionOnSeat CancelScheduledShutdown LockSession LockSessions SetWallMessage`,
        forbidden: `AttachDevice CreateSession CreateSessionWithPIDFD FlushDevices Halt HaltWithFlags Hibernate
          HibernateWithFlags HybridSleep HybridSleepWithFlags Inhibit KillSession KillUser PowerOff PowerOffWithFlags
          Reboot RebootWithFlags ReleaseSession ScheduleShutdown SetRebootParameter SetRebootToBootLoaderEntry
          SetRebootToBootLoaderMenu SetRebootToFirmwareSetup SetUserLinger Sleep Suspend SuspendThenHibernate
          SuspendThenHibernateWithFlags SuspendWithFlags TerminateSeat TerminateSession TerminateUser UnlockSession
          UnlockSessions`,
      },
      writable: { change: "EnableWallMessages WallMessage" },
      idempotent: `ActivateSession ActivateSessionOnSeat CancelScheduledShutdown LockSession LockSessions SetWallMessage`,
      polkit: {
        "org.freedesktop.login1.chvt": "ActivateSession ActivateSessionOnSeat",
        "org.freedesktop.login1.lock-sessions":
          "LockSession LockSessions UnlockSession UnlockSessions",
        "org.freedesktop.login1.set-wall-message": "SetWallMessage",
        "org.freedesktop.login1.manage": `KillSession KillUser TerminateSeat TerminateSession TerminateUser`,
        "org.freedesktop.login1.set-user-linger": "SetUserLinger",
        "org.freedesktop.login1.attach-device": "AttachDevice",
        "org.freedesktop.login1.flush-devices": "FlushDevices",
        "org.freedesktop.login1.power-off":
          "CancelScheduledShutdown PowerOff PowerOffWithFlags ScheduleShutdown",
        "org.freedesktop.login1.reboot": "Reboot RebootWithFlags",
        "org.freedesktop.login1.halt": "Halt HaltWithFlags",
        "org.freedesktop.login1.suspend": "Suspend SuspendWithFlags",
        "org.freedesktop.login1.hibernate": `Hibernate HibernateWithFlags HybridSleep HybridSleepWithFlags
          SuspendThenHibernate SuspendThenHibernateWithFlags`,
        "org.freedesktop.login1.set-reboot-parameter": "SetRebootParameter",
        "org.freedesktop.login1.set-reboot-to-firmware-setup": "SetRebootToFirmwareSetup",
        "org.freedesktop.login1.set-reboot-to-boot-loader-menu": "SetRebootToBootLoaderMenu",
        "org.freedesktop.login1.set-reboot-to-boot-loader-entry": "SetRebootToBootLoaderEntry",
      },
    },
    "org.freedesktop.login1.Session": {
      methods: {
        change: "Activate Lock SetBrightness SetIdleHint",
        destructive: "SetClass SetDisplay SetLockedHint SetTTY SetType",
        forbidden: `Kill PauseDeviceComplete ReleaseControl ReleaseDevice TakeControl TakeDevice Terminate Unlock`,
      },
      idempotent:
        "Activate Lock SetBrightness SetClass SetDisplay SetIdleHint SetLockedHint SetTTY SetType",
      polkit: {
        "org.freedesktop.login1.chvt": "Activate",
        "org.freedesktop.login1.lock-sessions": "Lock Unlock",
        "org.freedesktop.login1.manage": "Kill Terminate",
      },
    },
    "org.freedesktop.login1.Seat": {
      methods: {
        change: "ActivateSession SwitchTo SwitchToNext SwitchToPrevious",
        forbidden: "Terminate",
      },
      idempotent: "ActivateSession SwitchTo",
      polkit: {
        "org.freedesktop.login1.chvt": "ActivateSession SwitchTo SwitchToNext SwitchToPrevious",
        "org.freedesktop.login1.manage": "Terminate",
      },
    },
    "org.freedesktop.login1.User": {
      methods: { forbidden: "Kill Terminate" },
      polkit: { "org.freedesktop.login1.manage": "Kill Terminate" },
    },
  },
};
