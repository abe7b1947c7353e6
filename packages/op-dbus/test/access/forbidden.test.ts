import { describe, expect, it } from "vitest";
import { classify, type AccessClass } from "../../src/access/index.ts";

function classOf(name: string, service?: string, kind: "call" | "set" = "call"): AccessClass {
  const dot = name.lastIndexOf(".");
  const owner = name.slice(0, dot);
  const guessed = owner.split(".").slice(0, 3).join(".");
  return classify({
    service: service ?? guessed,
    interface: owner,
    member: name.slice(dot + 1),
    kind,
  }).class;
}

function expand(prefix: string, members: string): readonly string[] {
  return members.split(/\s+/).map((member) => `${prefix}.${member}`);
}

const systemBus = [
  ...expand(
    "org.freedesktop.DBus",
    "Hello RequestName ReleaseName AddMatch RemoveMatch UpdateActivationEnvironment",
  ),
  ...expand("org.freedesktop.DBus", "Monitoring.BecomeMonitor Debug.Stats.GetStats"),
  ...expand("org.freedesktop.DBus", "Debug.Stats.GetConnectionStats Debug.Stats.GetAllMatchRules"),
  ...expand("org.freedesktop.DBus", "Containers1.AddServer Containers1.StopInstance"),
  ...expand(
    "org.freedesktop.systemd1.Manager",
    `StartTransientUnit SetUnitProperties SetEnvironment UnsetEnvironment UnsetAndSetEnvironment LinkUnitFiles
     AddDependencyUnitFiles PresetAllUnitFiles SetDefaultTarget BindMountUnit MountImageUnit AttachProcessesToUnit KillUnit
     KillUnitSubgroup Reexecute Exit Reboot PowerOff Halt KExec SwitchRoot SoftReboot`,
  ),
  ...expand("org.freedesktop.systemd1.Unit", "SetProperties Kill"),
  ...expand("org.freedesktop.systemd1.Service", "BindMount MountImage AttachProcesses"),
  ...expand(
    "org.freedesktop.login1.Manager",
    `PowerOff PowerOffWithFlags Reboot RebootWithFlags Halt HaltWithFlags Suspend SuspendWithFlags Hibernate
     HibernateWithFlags HybridSleep HybridSleepWithFlags SuspendThenHibernate SuspendThenHibernateWithFlags Sleep
     ScheduleShutdown SetRebootParameter SetRebootToFirmwareSetup SetRebootToBootLoaderMenu SetRebootToBootLoaderEntry
     KillSession KillUser TerminateSession TerminateUser TerminateSeat CreateSession SetUserLinger AttachDevice
     FlushDevices Inhibit`,
  ),
  ...expand(
    "org.freedesktop.login1",
    "Session.Kill Session.Terminate User.Kill User.Terminate Seat.Terminate",
  ),
  ...expand(
    "org.freedesktop.machine1.Manager",
    `OpenMachineShell OpenMachineLogin OpenMachinePTY OpenMachineRootDirectory CopyFromMachine CopyToMachine
     CopyFromMachineWithFlags CopyToMachineWithFlags KillMachine RemoveImage CreateMachine CreateMachineWithNetwork`,
  ),
  ...expand(
    "org.freedesktop.machine1.Machine",
    "OpenShell OpenLogin OpenPTY OpenRootDirectory CopyFrom CopyTo Kill",
  ),
  ...expand("org.freedesktop", "machine1.Image.Remove portable1.Image.Remove"),
  ...expand(
    "org.freedesktop.portable1.Manager",
    "AttachImage AttachImageWithExtensions RemoveImage",
  ),
  ...expand(
    "org.freedesktop.import1.Manager",
    "ImportTar ImportRaw ImportFileSystem PullTar PullRaw",
  ),
  ...expand("org.freedesktop.PackageKit", "CreateTransaction"),
  ...expand(
    "org.freedesktop.PackageKit.Transaction",
    "InstallPackages InstallFiles RemovePackages RepoEnable RepoRemove RepoSetData",
  ),
  ...expand("org.freedesktop.fwupd", "Install"),
  ...expand(
    "org.freedesktop.UDisks2",
    `Block.Format Partition.Delete Loop.Delete MDRaid.Delete Filesystem.Repair Manager.LoopSetup Encrypted.Unlock
     Encrypted.Lock Encrypted.ChangePassphrase Encrypted.Resize MDRaid.Start MDRaid.Stop MDRaid.AddDevice
     Manager.MDRaidCreate LogicalVolume.Delete VolumeGroup.Delete`,
  ),
  ...expand(
    "org.freedesktop.PolicyKit1.Authority",
    `RegisterAuthenticationAgent RegisterAuthenticationAgentWithOptions AuthenticationAgentResponse
     AuthenticationAgentResponse2 RevokeTemporaryAuthorizations RevokeTemporaryAuthorizationById`,
  ),
  ...expand(
    "org.freedesktop.Accounts",
    "CreateUser DeleteUser User.SetPassword User.SetAccountType User.SetAutomaticLogin",
  ),
  ...expand(
    "org.freedesktop.NetworkManager",
    "Settings.Connection.GetSecrets AgentManager.Register AgentManager.RegisterWithCapabilities",
  ),
  ...expand("org.freedesktop.timedate1", "SetTime"),
];

const sessionBus: readonly (readonly [service: string, name: string])[] = [
  ["org.freedesktop.secrets", "org.freedesktop.Secret.Service.GetSecrets"],
  ["org.freedesktop.secrets", "org.freedesktop.DBus.ObjectManager.GetManagedObjects"],
  ["org.gnome.keyring", "org.gnome.keyring.InternalUnsupportedGuiltRiddenInterface.Anything"],
  ["org.kde.kwalletd6", "org.kde.KWallet.readPassword"],
  ["org.freedesktop.Flatpak", "org.freedesktop.Flatpak.Development.HostCommand"],
  ["org.gnome.Shell", "org.gnome.Shell.Eval"],
  ["org.kde.KWin", "org.kde.kwin.Scripting.loadScript"],
  ["org.kde.plasmashell", "org.kde.PlasmaShell.evaluateScript"],
  ["ca.desrt.dconf", "ca.desrt.dconf.Writer.Change"],
  ["org.freedesktop.portal.Desktop", "org.freedesktop.portal.RemoteDesktop.CreateSession"],
  ["org.freedesktop.portal.Desktop", "org.freedesktop.portal.ScreenCast.CreateSession"],
  ["org.freedesktop.portal.Desktop", "org.freedesktop.portal.InputCapture.CreateSession"],
  ["org.gnome.Terminal", "org.freedesktop.Application.ActivateAction"],
  ["org.kde.konsole-4711", "org.kde.konsole.Session.runCommand"],
  ["org.gtk.vfs.Daemon", "org.gtk.vfs.MountTracker.MountLocation"],
  ["com.example.Unknown", "com.example.Unknown.GetPassword"],
  ["org.gnome.SessionManager", "org.gnome.SessionManager.Shutdown"],
];

describe("what is forbidden", () => {
  it.each(systemBus)("%s", (name) => {
    expect(classOf(name)).toBe("forbidden");
  });

  it.each(sessionBus)("%s: %s", (service, name) => {
    expect(classOf(name, service)).toBe("forbidden");
  });

  it.each(systemBus)("%s of another service, and by the name of a connection", (name) => {
    const service = name.startsWith("org.freedesktop.UDisks2") ? "org.freedesktop.UDisks2" : ":1.7";
    expect(classOf(name, service)).toBe("forbidden");
  });

  it("is looking neither at keyrings nor at what nobody knows", () => {
    const look = "org.freedesktop.DBus.Introspectable.Introspect";
    expect(classOf(look, "org.freedesktop.secrets")).toBe("observe");
    expect(classOf("org.freedesktop.DBus.Peer.Ping", ":1.7")).toBe("observe");
  });
});
