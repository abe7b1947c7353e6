/** Members that are forbidden wherever they are: whole services, whole interfaces, or single members of them. */
export interface ForbiddenArea {
  /** Names of services, with `*`. */
  readonly services?: readonly string[];
  /** Names of interfaces, with `*`. */
  readonly interfaces?: readonly string[];
  /** The only members that are meant; all of them unless told. */
  readonly members?: readonly string[];
  readonly reason: string;
}

/** What holds secrets, or lets a caller run programs or act as the person before the screen. */
export const forbiddenAreas: readonly ForbiddenArea[] = [
  {
    services: [
      "org.freedesktop.secrets",
      "org.freedesktop.secrets.*",
      "org.kde.kwalletd*",
      "org.gnome.keyring*",
      "org.gnome.seahorse*",
      "org.keepassxc.*",
      "org.gnupg.*",
    ],
    reason: "It keeps passwords and keys.",
  },
  {
    interfaces: [
      "org.freedesktop.Secret.*",
      "org.kde.KWallet",
      "org.gnome.keyring.*",
      "org.freedesktop.portal.Secret",
      "org.freedesktop.impl.portal.Secret",
      "org.freedesktop.secrets.*",
    ],
    reason: "It keeps passwords and keys.",
  },
  {
    interfaces: ["org.freedesktop.Flatpak.Development", "org.freedesktop.Flatpak.SessionHelper"],
    reason: "It runs commands outside of their sandbox.",
  },
  {
    interfaces: ["org.gnome.Shell"],
    members: ["Eval"],
    reason: "It runs programs inside of the desktop.",
  },
  {
    interfaces: [
      "org.gnome.Shell.Extensions",
      "org.kde.kwin.Scripting",
      "org.kde.kwin.Script",
      "org.kde.PlasmaShell",
      "org.kde.plasmashell",
    ],
    reason: "It runs programs inside of the desktop.",
  },
  {
    interfaces: ["ca.desrt.dconf.Writer"],
    reason: "It writes every setting of the desktop, programs to be started among them.",
  },
  {
    interfaces: [
      "org.freedesktop.portal.RemoteDesktop",
      "org.freedesktop.portal.ScreenCast",
      "org.freedesktop.portal.InputCapture",
      "org.freedesktop.impl.portal.*",
      "org.gnome.Mutter.RemoteDesktop*",
      "org.gnome.Mutter.ScreenCast*",
      "org.gnome.Mutter.InputCapture*",
      "org.gnome.Shell.Screencast",
    ],
    reason: "It sees the screen and types for whoever sits before it.",
  },
  {
    services: [
      "org.gnome.Terminal*",
      "org.gnome.Console*",
      "org.gnome.Ptyxis*",
      "org.gnome.Prompt*",
      "org.kde.konsole*",
      "org.kde.yakuake*",
      "org.xfce.Terminal*",
      "com.mitchellh.ghostty*",
      "com.gexperts.Tilix*",
      "com.raggesilver.BlackBox*",
    ],
    reason: "A terminal runs commands.",
  },
  {
    interfaces: ["org.gtk.vfs.*", "org.gtk.Private.RemoteVolumeMonitor"],
    reason: "It mounts folders of other machines, and reads and writes files there.",
  },
  {
    interfaces: ["org.freedesktop.DBus.Containers1", "org.freedesktop.DBus.Debug.*"],
    reason: "It is about the bus itself and everybody's connections.",
  },
];
