import type { InterfaceText } from "../curated-text.ts";

const name = "The unit with its suffix, such as nginx.service.";
const mode =
  'What to do about jobs that are in the way: "replace" (usual) replaces them, "fail" gives up. "isolate" also stops everything else.';
const files = 'Names of unit files, such as ["nginx.service"], or absolute paths.';
const runtime = "true: until the next boot only; false: for good.";
const force = "true: replace links that point elsewhere.";
const jobAnswer =
  "Answers with the path of a job; the signal JobRemoved tells when and how it ends.";

/** What the manager of units can do. */
export const systemd1Manager: InterfaceText = {
  text: "Lists, starts, stops and enables units, and tells about systemd as a whole. It is at /org/freedesktop/systemd1.",
  keywords: ["systemctl", "services", "units", "daemons"],
  members: {
    ListUnits: {
      text: "All units in memory: name, description, load state, active state, sub state, followed unit, path, job id, job type, job path. Long: prefer ListUnitsFiltered or ListUnitsByPatterns.",
      keywords: ["what services are running", "list services", "status of all services"],
    },
    ListUnitsFiltered: {
      text: 'Units in any of the given states. List failed units: states ["failed"].',
      arguments: {
        states: 'Load, active or sub states, such as "failed", "active", "running", "not-found".',
      },
      keywords: ["failed services", "what is broken", "services that crashed"],
    },
    ListUnitsByPatterns: {
      text: 'Units in any of the given states whose names fit a pattern, such as states [] and patterns ["nginx*"].',
      arguments: {
        states: "States as for ListUnitsFiltered; empty for all.",
        patterns: 'Names with * and ?, such as "*.timer".',
      },
      keywords: ["find a service", "list timers", "list sockets", "list mounts"],
    },
    ListUnitsByNames: {
      text: "The given units with their states; units that do not exist are listed as not-found.",
      arguments: { names: 'Full names, such as ["ssh.service", "nginx.service"].' },
      keywords: ["is a service running", "status of a service"],
    },
    ListUnitFiles: {
      text: "All unit files on the disk with their state: enabled, disabled, static, masked and so on. Long: prefer ListUnitFilesByPatterns.",
      keywords: ["installed services", "services that start at boot"],
    },
    ListUnitFilesByPatterns: {
      text: "Unit files whose state and name fit; both lists may be empty for all.",
      arguments: { states: 'Such as ["enabled"].', patterns: 'Such as ["*.timer"].' },
      keywords: ["enabled services", "masked services", "what starts at boot"],
    },
    ListJobs: {
      text: "Jobs that wait or run: id, unit, type, state, path of the job, path of the unit.",
      keywords: ["what is systemd doing", "pending jobs", "stuck boot"],
    },
    GetUnit: {
      text: "The object path of a unit that is in memory; fails for one that is not loaded.",
      arguments: { name },
      keywords: ["path of a unit"],
    },
    LoadUnit: {
      text: "The object path of a unit, which is loaded from the disk if need be. Does not start it.",
      arguments: { name },
    },
    GetUnitByPID: {
      text: "The unit that a process belongs to.",
      arguments: { pid: "The process; 0 is the caller." },
      keywords: ["which service does a process belong to"],
    },
    GetUnitByControlGroup: {
      text: "The unit that a control group belongs to.",
      arguments: { cgroup: "Its path, such as /system.slice/nginx.service." },
    },
    GetUnitByInvocationID: {
      text: "The unit with the given invocation id, as the journal has it.",
      arguments: { invocation_id: "16 bytes." },
    },
    GetUnitFileState: {
      text: "Whether a unit is enabled: enabled, disabled, static, masked, indirect, generated and so on.",
      arguments: { file: "The unit file, such as nginx.service." },
      keywords: ["does a service start at boot", "is it enabled"],
    },
    GetUnitProcesses: {
      text: "The processes of a unit: control group, process id, command line.",
      arguments: { name },
      keywords: ["processes of a service"],
    },
    GetUnitFileLinks: {
      text: "The links that disabling a unit file would remove.",
      arguments: { name: "The unit file.", runtime },
    },
    GetJob: {
      text: "The object path of a job.",
      arguments: { id: "Its number, as ListJobs has it." },
    },
    GetDefaultTarget: {
      text: "The target that the machine boots into, such as graphical.target.",
      keywords: ["default target", "runlevel"],
    },
    StartUnit: {
      text: `Starts a unit. ${jobAnswer}`,
      arguments: { name, mode },
      keywords: ["start a service", "launch", "run a timer now", "mount"],
    },
    StopUnit: {
      text: `Stops a unit. ${jobAnswer}`,
      arguments: { name, mode },
      keywords: ["stop a service", "shut a service down", "unmount"],
    },
    RestartUnit: {
      text: `Stops and starts a unit; one that does not run is started. ${jobAnswer}`,
      arguments: { name, mode },
      keywords: ["restart a service", "bounce"],
    },
    TryRestartUnit: {
      text: `Restarts a unit if it runs, else does nothing. ${jobAnswer}`,
      arguments: { name, mode },
      keywords: ["restart a service if it runs"],
    },
    ReloadUnit: {
      text: `Asks a running unit to read its configuration again, where it can. ${jobAnswer}`,
      arguments: { name, mode },
      keywords: ["reload the configuration of a service"],
    },
    ReloadOrRestartUnit: {
      text: `Reloads a unit where it can reload, else restarts it. ${jobAnswer}`,
      arguments: { name, mode },
      keywords: ["apply changed configuration"],
    },
    ReloadOrTryRestartUnit: {
      text: `Reloads a unit where it can reload, else restarts it if it runs. ${jobAnswer}`,
      arguments: { name, mode },
    },
    StartUnitReplace: {
      text: "Starts one unit in place of the start job of another.",
      arguments: {
        old_unit: "The unit whose job is replaced.",
        new_unit: "The unit to start.",
        mode,
      },
    },
    EnqueueUnitJob: {
      text: "As StartUnit and the like, with the kind of job as an argument, and tells which other units are affected.",
      arguments: {
        name,
        job_type: '"start", "stop", "restart", "reload", "try-restart" or "reload-or-restart".',
        job_mode: mode,
      },
    },
    KillUnit: {
      text: "Sends a signal to the processes of a unit.",
      arguments: {
        name,
        whom: '"main", "control" or "all".',
        signal: "The number of the signal: 15 asks to end, 9 ends at once, 1 often means reload.",
      },
      keywords: ["kill a service"],
    },
    CleanUnit: {
      text: "Removes files that a stopped unit left behind, such as its cache or its state.",
      arguments: {
        name,
        mask: 'What to remove: "cache", "state", "logs", "runtime", "configuration", "fdstore" or "all".',
      },
    },
    FreezeUnit: {
      text: "Pauses all processes of a unit until ThawUnit.",
      arguments: { name },
      keywords: ["pause a service"],
    },
    ThawUnit: {
      text: "Lets the processes of a frozen unit go on.",
      arguments: { name },
      keywords: ["resume a service"],
    },
    ResetFailedUnit: {
      text: "Forgets that a unit failed, and how often it was restarted.",
      arguments: { name },
      keywords: ["clear the failed state of a service", "start limit hit"],
    },
    ResetFailed: {
      text: "Forgets that units failed, for all of them.",
      keywords: ["clear failed services"],
    },
    SetUnitProperties: {
      text: "Changes settings of a running unit, such as its limits.",
      arguments: { name, runtime, properties: 'Pairs such as ["MemoryMax", 1073741824].' },
      keywords: ["limit memory of a service", "limit cpu"],
    },
    StartTransientUnit: {
      text: "Makes a unit out of nothing and starts it: any command, as the user of the manager.",
      arguments: { name, mode, properties: "The settings of the unit.", aux: "Always []." },
      keywords: ["run a command as a service", "systemd-run"],
    },
    CancelJob: {
      text: "Gives up a job that waits or runs.",
      arguments: { id: "Its number, as ListJobs has it." },
    },
    ClearJobs: "Gives up all jobs.",
    Reload: {
      text: "Reads all unit files again. Needed after a unit file changed on the disk; restarts nothing.",
      keywords: ["daemon-reload", "unit file changed on disk"],
    },
    EnableUnitFiles: {
      text: "Makes units start at boot, or whenever their [Install] section says. Does not start them; call Reload afterwards.",
      arguments: { files, runtime, force },
      keywords: ["enable a service", "start at boot", "autostart"],
    },
    DisableUnitFiles: {
      text: "Makes units no longer start at boot. Does not stop them; call Reload afterwards.",
      arguments: { files, runtime },
      keywords: ["disable a service", "do not start at boot"],
    },
    ReenableUnitFiles: {
      text: "Disables and enables units again, so that their links are as their [Install] section says.",
      arguments: { files, runtime, force },
    },
    MaskUnitFiles: {
      text: "Makes units impossible to start, even by hand or as a dependency.",
      arguments: { files, runtime, force },
      keywords: ["mask a service", "block a service from starting"],
    },
    UnmaskUnitFiles: {
      text: "Undoes MaskUnitFiles.",
      arguments: { files, runtime },
      keywords: ["unmask a service"],
    },
    RevertUnitFiles: {
      text: "Removes changes to unit files, so that they are as the vendor made them.",
      arguments: { files },
    },
    PresetUnitFiles: {
      text: "Enables or disables units as the distribution's presets say.",
      arguments: { files, runtime, force },
    },
    SetDefaultTarget: {
      text: "Says which target the machine boots into.",
      arguments: { name: "Such as multi-user.target.", force },
      keywords: ["boot without a desktop"],
    },
    Subscribe:
      "Makes systemd send its signals to this connection. Needed before listening to UnitNew, JobRemoved and the like.",
    Unsubscribe: "Undoes Subscribe.",
    Dump: "The inner state of systemd as text, for finding faults. Very long.",
    Version: { text: "The version of systemd.", keywords: ["systemd version"] },
    SystemState: {
      text: 'How the system is: "running", "degraded" (units failed), "starting", "maintenance", "stopping".',
      keywords: ["is the system healthy", "is anything broken"],
    },
    NFailedUnits: {
      text: "How many units have failed.",
      keywords: ["number of failed services"],
    },
    NJobs: "How many jobs wait or run.",
    Virtualization: {
      text: "What the machine runs in, such as kvm, docker or lxc; empty on real hardware.",
      keywords: ["is this a virtual machine", "container"],
    },
    Architecture: {
      text: "The processor architecture, such as x86-64.",
      keywords: ["cpu architecture"],
    },
    Tainted:
      "What makes this system unusual, such as split-usr or cgroupsv1; empty if nothing does.",
    Environment: "The environment variables that services inherit.",
    UserspaceTimestamp: {
      text: "When systemd started, in microseconds since 1970.",
      keywords: ["boot time", "uptime"],
    },
    FinishTimestamp: {
      text: "When booting was done, in microseconds since 1970.",
      keywords: ["boot time", "how long did booting take"],
    },
    KernelTimestamp: "When the kernel started, in microseconds since 1970.",
    ControlGroup: "The control group that systemd itself is in.",
    LogLevel: 'How much systemd logs, such as "info" or "debug".',
    JobRemoved:
      "A job ended: its number, its path, the unit, and the result: done, failed, canceled, timeout, dependency or skipped.",
    JobNew: "A job was put into the queue.",
    UnitNew: "A unit was loaded into memory.",
    UnitRemoved: "A unit was dropped from memory.",
    UnitFilesChanged: "Unit files on the disk were changed by a call.",
    Reloading: "systemd begins (true) or has done (false) reading all unit files again.",
    StartupFinished: "Booting is done, with how long each part took in microseconds.",
  },
};
