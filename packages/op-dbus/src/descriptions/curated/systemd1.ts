import type { CuratedText, InterfaceText, ServiceText } from "../curated-text.ts";
import { systemd1Manager } from "./systemd1-units.ts";

const mode = '"replace" (usual), "fail", or "isolate", which also stops everything else.';
const job = "Answers with the path of a job.";

const unit: InterfaceText = {
  text: "What every unit has: its state, its dependencies, and starting and stopping it. One object for each unit, at /org/freedesktop/systemd1/unit/ and its escaped name.",
  keywords: ["status of a service", "unit state"],
  members: {
    Start: { text: `Starts this unit. ${job}`, arguments: { mode }, keywords: ["start a service"] },
    Stop: { text: `Stops this unit. ${job}`, arguments: { mode }, keywords: ["stop a service"] },
    Restart: {
      text: `Stops and starts this unit. ${job}`,
      arguments: { mode },
      keywords: ["restart a service"],
    },
    Reload: { text: `Asks this unit to read its configuration again. ${job}`, arguments: { mode } },
    TryRestart: { text: `Restarts this unit if it runs. ${job}`, arguments: { mode } },
    ReloadOrRestart: {
      text: `Reloads this unit if it can, else restarts it. ${job}`,
      arguments: { mode },
    },
    ReloadOrTryRestart: {
      text: `Reloads this unit if it can, else restarts it if it runs. ${job}`,
      arguments: { mode },
    },
    ResetFailed: "Forgets that this unit failed, and how often it was restarted.",
    Kill: {
      text: "Sends a signal to the processes of this unit.",
      arguments: { whom: '"main", "control" or "all".', signal: "The number of the signal." },
    },
    Clean: {
      text: "Removes files that this stopped unit left behind.",
      arguments: { mask: '"cache", "state", "logs", "runtime", "configuration" or "all".' },
    },
    Freeze: "Pauses all processes of this unit.",
    Thaw: "Lets the processes of this frozen unit go on.",
    Id: "The name of the unit.",
    Names: { text: "All names of the unit, aliases included.", keywords: ["alias of a service"] },
    Description: "What the unit is, in a few words.",
    Documentation: "Where to read more: addresses and manual pages.",
    LoadState:
      'Whether its file could be read: "loaded", "not-found", "masked", "error", "bad-setting".',
    LoadError: "Why its file could not be read: the name and the text of an error.",
    ActiveState: {
      text: 'Whether it runs: "active", "inactive", "failed", "activating", "deactivating", "reloading".',
      keywords: ["is a service running", "did a service fail"],
    },
    SubState:
      'The same in finer steps, such as "running", "exited", "dead", "auto-restart", "listening".',
    UnitFileState: {
      text: 'Whether it starts at boot: "enabled", "disabled", "static", "masked".',
      keywords: ["is it enabled", "starts at boot"],
    },
    UnitFilePreset: "Whether the distribution would enable it.",
    FragmentPath: {
      text: "The file that describes the unit.",
      keywords: ["where is the unit file"],
    },
    DropInPaths: {
      text: "Files that change the description of the unit.",
      keywords: ["overrides of a service"],
    },
    NeedDaemonReload:
      "Whether its file changed since it was read; then call Reload of the manager.",
    Requires: "Units that must run for this one to run.",
    Wants: "Units that are started with this one, where they can be.",
    RequiredBy: "Units that need this one.",
    WantedBy: "Units that start this one, such as multi-user.target.",
    After: "Units that this one waits for when both start.",
    Before: "Units that wait for this one when both start.",
    Conflicts: "Units that cannot run together with this one.",
    Triggers: "Units that this one starts, such as the service of a timer.",
    TriggeredBy: "Units that start this one, such as its timer or its socket.",
    Job: "The job of this unit that waits or runs: number and path; 0 if there is none.",
    StateChangeTimestamp: "When its state last changed, in microseconds since 1970.",
    ActiveEnterTimestamp: {
      text: "When it last began to run, in microseconds since 1970.",
      keywords: ["since when does a service run", "uptime of a service"],
    },
    InactiveEnterTimestamp: "When it last stopped, in microseconds since 1970.",
    ConditionResult: "Whether the conditions of its file held when it was last started.",
    Conditions: "The conditions of its file, each with how it was judged.",
    CanStart: "Whether it can be started by a call.",
    CanStop: "Whether it can be stopped by a call.",
    CanReload: "Whether it can be reloaded.",
    InvocationID: "The number of this run, by which the journal finds its lines.",
    Transient: "Whether it was made by a call and has no file.",
  },
};

const resources: Readonly<Record<string, string | CuratedText>> = {
  MemoryCurrent: {
    text: "The memory it uses, in bytes; 18446744073709551615 where that is not measured.",
    keywords: ["memory of a service", "how much memory"],
  },
  MemoryMax: "The most memory it may use, in bytes; 18446744073709551615 for no limit.",
  CPUUsageNSec: {
    text: "The processor time it has used, in nanoseconds.",
    keywords: ["cpu usage of a service"],
  },
  TasksCurrent: "How many threads and processes it has.",
  TasksMax: "How many threads and processes it may have.",
  ControlGroup: "Its control group.",
  Slice: "The slice it belongs to.",
  GetProcesses: "Its processes: control group, process id, command line.",
};

const service: InterfaceText = {
  text: "What units that run a program have: its processes, how it ended, and what it may use.",
  keywords: ["why did a service fail", "exit code", "main process"],
  members: {
    ...resources,
    Type: 'How it tells that it has started: "simple", "exec", "forking", "oneshot", "dbus", "notify", "idle".',
    Restart:
      'When it is started again: "no", "always", "on-failure", "on-abnormal", "on-success" and so on.',
    MainPID: {
      text: "Its main process; 0 if it does not run.",
      keywords: ["process id of a service"],
    },
    ControlPID: "The process that starts, stops or reloads it at the moment; 0 if there is none.",
    Result: {
      text: 'How the last run ended: "success", "exit-code", "signal", "core-dump", "timeout", "watchdog", "start-limit-hit", "oom-kill".',
      keywords: ["why did a service fail"],
    },
    ExecMainStatus: {
      text: "The exit status of the last run of the main process, or the number of the signal that ended it.",
      keywords: ["exit code of a service"],
    },
    ExecMainCode: "How the main process ended: 1 exited, 2 killed by a signal, 3 dumped core.",
    ExecMainStartTimestamp: "When the main process started, in microseconds since 1970.",
    ExecMainExitTimestamp: "When the main process ended, in microseconds since 1970.",
    NRestarts: {
      text: "How often it was restarted by itself.",
      keywords: ["crash loop", "how often did a service crash"],
    },
    StatusText: "What the service says of its own state.",
    StatusErrno: "The error number that the service itself reported.",
    ExecStart: {
      text: "The commands it runs, each with how the last run went.",
      keywords: ["command line of a service"],
    },
    ExecStartPre: "Commands that run before it starts.",
    ExecReload: "Commands that reload it.",
    ExecStop: "Commands that stop it.",
    User: { text: "The user it runs as; empty for root.", keywords: ["which user runs a service"] },
    Group: "The group it runs as.",
    WorkingDirectory: "The folder it runs in.",
    Environment: "Its environment variables. They often have passwords in them.",
    BusName: "The name it takes on the bus.",
    PIDFile: "The file it writes its process id into.",
    WatchdogUSec: "How often it must report that it lives, in microseconds.",
    TimeoutStartUSec: "How long it may take to start, in microseconds.",
    OOMPolicy: "What happens when one of its processes is killed for want of memory.",
  },
};

/** systemd, as the manager of units. */
export const systemd1: ServiceText = {
  services: ["org.freedesktop.systemd1"],
  text: "systemd: starts, stops, enables and watches services, timers, sockets, mounts and other units.",
  keywords: ["systemctl", "services", "daemons", "init", "units"],
  interfaces: {
    "org.freedesktop.systemd1.Manager": systemd1Manager,
    "org.freedesktop.systemd1.Unit": unit,
    "org.freedesktop.systemd1.Service": service,
    "org.freedesktop.systemd1.Timer": {
      text: "Units that start another at certain times, as cron does.",
      keywords: ["cron", "scheduled jobs", "when does it run next"],
      members: {
        Unit: "The unit that it starts.",
        NextElapseUSecRealtime: {
          text: "When it starts the unit next, in microseconds since 1970; 0 if by another clock or never.",
          keywords: ["next run of a timer"],
        },
        NextElapseUSecMonotonic: "When it starts the unit next, in microseconds since boot.",
        LastTriggerUSec: {
          text: "When it last started the unit, in microseconds since 1970.",
          keywords: ["last run of a timer"],
        },
        TimersCalendar:
          "Its times as dates: kind, the written form such as *-*-* 06:00:00, and the next time.",
        TimersMonotonic:
          "Its times as spans since an event: kind, microseconds, and the next time.",
        Persistent: "Whether it catches up on what it missed while the machine was off.",
        RandomizedDelayUSec: "The longest chance delay that is added, in microseconds.",
        Result: 'How it is: "success" unless it could not be armed.',
      },
    },
    "org.freedesktop.systemd1.Socket": {
      text: "Units that listen on sockets and start a service when something comes.",
      keywords: ["socket activation", "which port"],
      members: {
        ...resources,
        Listen: { text: "What it listens on: kind and address.", keywords: ["listening port"] },
        NConnections: "How many connections are open, where each gets a service of its own.",
        NAccepted: "How many connections came so far.",
        NRefused: "How many connections were refused because there were too many.",
        Accept: "Whether each connection gets a service of its own.",
        Result: 'How it ended: "success", "resources", "timeout", "trigger-limit-hit" and so on.',
      },
    },
    "org.freedesktop.systemd1.Mount": {
      text: "File systems that are mounted, or may be.",
      keywords: ["mounted file systems", "fstab"],
      members: {
        Where: "The folder.",
        What: "The device or the source.",
        Type: "The kind of file system, such as ext4.",
        Options: "The options it is mounted with.",
        Result: "How mounting it went.",
      },
    },
    "org.freedesktop.systemd1.Automount": {
      text: "Folders whose file system is mounted when somebody looks into them.",
      members: {
        Where: "The folder.",
        TimeoutIdleUSec: "After how long without use it is unmounted.",
      },
    },
    "org.freedesktop.systemd1.Swap": {
      text: "Swap space.",
      keywords: ["swap"],
      members: { What: "The device or the file.", Priority: "Greater ones are used first." },
    },
    "org.freedesktop.systemd1.Path": {
      text: "Units that start another when files change.",
      members: { Unit: "The unit that it starts.", Paths: "What it watches: kind and path." },
    },
    "org.freedesktop.systemd1.Slice": {
      text: "Groups of units that share limits.",
      members: resources,
    },
    "org.freedesktop.systemd1.Scope": {
      text: "Groups of processes that something else than systemd started, such as a login.",
      members: {
        ...resources,
        RequestStop: "The scope is asked to stop.",
        Controller: "Who looks after it.",
      },
    },
    "org.freedesktop.systemd1.Target": { text: "Units that only hold others together." },
    "org.freedesktop.systemd1.Device": {
      text: "Devices that systemd waits for.",
      members: { SysFSPath: "Where the kernel shows it." },
    },
    "org.freedesktop.systemd1.Job": {
      text: "Something that systemd is about to do with a unit.",
      members: {
        Cancel: "Gives the job up.",
        JobType: '"start", "stop", "restart", "reload" and so on.',
        State: '"waiting" or "running".',
        Unit: "The unit: name and path.",
        Id: "Its number.",
        GetAfter: "The jobs that wait for this one.",
        GetBefore: "The jobs that this one waits for.",
      },
    },
  },
};
