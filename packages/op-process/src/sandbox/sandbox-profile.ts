import type { SandboxLevel } from "./sandbox-level.ts";

/** A user of the machine, by numbers. */
export interface UserIds {
  readonly uid: number;
  readonly gid: number;
}

/** How a child is kept apart. */
export interface SandboxProfile {
  /** The level to start at. Default: `full`. */
  readonly level?: SandboxLevel;
  /** The lowest level to start at where `level` is not to be had; below it the child does not start. Default: `level`. */
  readonly least?: SandboxLevel;
  /** Whether the child sees the machine's network. From level `namespaces` the default is that it has none. */
  readonly network?: "none" | "host";
  /** Absolute paths that are visible although a hidden folder contains them. */
  readonly readable?: readonly string[];
  /** Absolute paths that can be written. */
  readonly writable?: readonly string[];
  /** Folders that appear empty, besides {@link hiddenFolders}. */
  readonly hidden?: readonly string[];
  /**
   * Who the child runs as, from level `user` and under root. Default: a user that nobody else has. `same` is whoever this
   * process is, for children that services know by their user: root then, without any capability.
   */
  readonly user?: UserIds | "same";
}

/** Folders that a child sees empty, and private to it, from level `namespaces`: other people's files, and sockets of services. */
export const hiddenFolders: readonly string[] = [
  "/home",
  "/media",
  "/mnt",
  "/root",
  "/run",
  "/srv",
  "/tmp",
  "/var/tmp",
];
