import type { InterfaceTable, ServiceTable } from "../service-table.ts";

const manageUnits = "org.freedesktop.systemd1.manage-units";
const manageUnitFiles = "org.freedesktop.systemd1.manage-unit-files";
const reloadDaemon = "org.freedesktop.systemd1.reload-daemon";
const setEnvironment = "org.freedesktop.systemd1.set-environment";

/** Values in the environment of services are where many of them keep their passwords. */
const execution = "Environment SetCredential SetCredentialEncrypted StandardInputData";

const manager: InterfaceTable = {
  methods: {
    observe: `GetDefaultTarget GetDynamicUsers GetJob GetJobAfter GetJobBefore GetUnit GetUnitByControlGroup
      GetUnitByInvocationID GetUnitByPID GetUnitFileLinks GetUnitFileState GetUnitProcesses ListJobs ListUnitFiles
      ListUnitFilesByPatterns ListUnits ListUnitsByNames ListUnitsByPatterns ListUnitsFiltered LookupDynamicUserByName
      LookupDynamicUserByUID`,
    sensitive: `Dump DumpByFileDescriptor DumpUnitsMatchingPatterns DumpUnitsMatchingPatternsByFileDescriptor
      DumpUnitFileDescriptorStore`,
    change: `CancelJob EnqueueUnitJob FreezeUnit LoadUnit RefUnit Reload ReloadOrRestartUnit ReloadOrTryRestartUnit
      ReloadUnit ResetFailed ResetFailedUnit RestartUnit SetShowStatus StartUnit StartUnitReplace StartUnitWithFlags
      StopUnit Subscribe ThawUnit TryRestartUnit UnrefUnit Unsubscribe`,
    destructive: `AbandonScope CleanUnit ClearJobs DisableUnitFiles DisableUnitFilesWithFlags
      DisableUnitFilesWithFlagsAndInstallInfo EnableUnitFiles EnableUnitFilesWithFlags EnqueueMarkedJobs MaskUnitFiles
      PresetUnitFiles PresetUnitFilesWithMode ReenableUnitFiles RevertUnitFiles UnmaskUnitFiles`,
    forbidden: `AddDependencyUnitFiles AttachProcessesToUnit BindMountUnit Exit Halt KExec KillUnit KillUnitSubgroup
      LinkUnitFiles MountImageUnit PowerOff PresetAllUnitFiles QueueSignalUnit Reboot Reexecute RemoveSubgroupFromUnit
      SetDefaultTarget SetEnvironment SetExitCode SetUnitProperties SoftReboot StartAuxiliaryScope StartTransientUnit
      SwitchRoot UnsetAndSetEnvironment UnsetEnvironment`,
  },
  writable: {
    change: "LogLevel",
    destructive: "LogTarget ServiceWatchdogs",
    forbidden: `KExecWatchdogUSec RebootWatchdogUSec RuntimeWatchdogPreGovernor RuntimeWatchdogPreUSec
      RuntimeWatchdogUSec`,
  },
  secret: "Environment",
  idempotent: `CleanUnit ClearJobs DisableUnitFiles DisableUnitFilesWithFlags DisableUnitFilesWithFlagsAndInstallInfo
    EnableUnitFiles EnableUnitFilesWithFlags FreezeUnit LoadUnit MaskUnitFiles PresetUnitFiles PresetUnitFilesWithMode
    ReenableUnitFiles Reload ResetFailed ResetFailedUnit RevertUnitFiles SetShowStatus StartUnit StartUnitWithFlags
    StopUnit Subscribe ThawUnit UnmaskUnitFiles`,
  polkit: {
    [manageUnits]: `AbandonScope CancelJob CleanUnit ClearJobs EnqueueMarkedJobs EnqueueUnitJob FreezeUnit KillUnit RefUnit
      ReloadOrRestartUnit ReloadOrTryRestartUnit ReloadUnit ResetFailed ResetFailedUnit RestartUnit SetUnitProperties
      StartTransientUnit StartUnit StartUnitReplace StartUnitWithFlags StopUnit ThawUnit TryRestartUnit`,
    [manageUnitFiles]: `AddDependencyUnitFiles DisableUnitFiles DisableUnitFilesWithFlags EnableUnitFiles
      EnableUnitFilesWithFlags LinkUnitFiles MaskUnitFiles PresetAllUnitFiles PresetUnitFiles PresetUnitFilesWithMode
      ReenableUnitFiles RevertUnitFiles SetDefaultTarget UnmaskUnitFiles`,
    [reloadDaemon]: "Reexecute Reload",
    [setEnvironment]: "SetEnvironment UnsetAndSetEnvironment UnsetEnvironment",
  },
};

const unit: InterfaceTable = {
  methods: {
    change: `EnqueueJob Freeze Ref Reload ReloadOrRestart ReloadOrTryRestart ResetFailed Restart Start Stop Thaw
      TryRestart Unref`,
    destructive: "Clean",
    forbidden: "Kill KillSubgroup QueueSignal SetProperties",
  },
  idempotent: "Clean Freeze ResetFailed Start Stop Thaw",
  polkit: {
    [manageUnits]: `Clean EnqueueJob Freeze Kill Reload ReloadOrRestart ReloadOrTryRestart ResetFailed Restart
      SetProperties Start Stop Thaw TryRestart`,
  },
};

/** What units have that hold processes. */
const withProcesses: InterfaceTable = {
  methods: { observe: "GetProcesses", forbidden: "AttachProcesses RemoveSubgroup" },
};

/** What units have that run programs themselves. */
const withPrograms: InterfaceTable = { ...withProcesses, secret: execution };

/** systemd as the manager of units, both of the system and of users. */
export const systemd1: ServiceTable = {
  services: ["org.freedesktop.systemd1"],
  interfaces: {
    "org.freedesktop.systemd1.Manager": manager,
    "org.freedesktop.systemd1.Unit": unit,
    "org.freedesktop.systemd1.Service": {
      methods: {
        observe: "GetProcesses",
        sensitive: "DumpFileDescriptorStore",
        forbidden: "AttachProcesses BindMount MountImage RemoveSubgroup",
      },
      secret: execution,
      polkit: { [manageUnits]: "BindMount MountImage" },
    },
    "org.freedesktop.systemd1.Mount": withPrograms,
    "org.freedesktop.systemd1.Socket": withPrograms,
    "org.freedesktop.systemd1.Swap": withPrograms,
    "org.freedesktop.systemd1.Slice": withProcesses,
    "org.freedesktop.systemd1.Scope": {
      methods: {
        observe: "GetProcesses",
        destructive: "Abandon",
        forbidden: "AttachProcesses RemoveSubgroup",
      },
      idempotent: "Abandon",
      polkit: { [manageUnits]: "Abandon" },
    },
    "org.freedesktop.systemd1.Job": {
      methods: { observe: "GetAfter GetBefore", change: "Cancel" },
      polkit: { [manageUnits]: "Cancel" },
    },
    "org.freedesktop.systemd1.Automount": {},
    "org.freedesktop.systemd1.Device": {},
    "org.freedesktop.systemd1.Path": {},
    "org.freedesktop.systemd1.Target": {},
    "org.freedesktop.systemd1.Timer": {},
  },
};
