import type { ServiceTable } from "../service-table.ts";
import { avahi } from "./avahi.ts";
import { busDriver } from "./bus-driver.ts";
import { mediaPlayers, notifications, portals, screenSaver } from "./desktop.ts";
import {
  bolt1,
  colorManager,
  fwupd,
  powerProfiles,
  realtimeKit,
  switcheroo,
  upower,
} from "./devices.ts";
import { login1 } from "./login1.ts";
import { hostname1, locale1, logControl1, timedate1, timesync1 } from "./machine-settings.ts";
import { import1, machine1, portable1 } from "./machines.ts";
import { modemManager } from "./modems.ts";
import { network1, resolve1 } from "./names-and-links.ts";
import { networkManager, wpaSupplicant } from "./networkmanager.ts";
import { packageKit } from "./packages.ts";
import { standard } from "./standard.ts";
import { systemd1 } from "./systemd1.ts";
import { udisks2 } from "./udisks2.ts";
import { accounts, policyKit1 } from "./users-and-rights.ts";

/** Everything that somebody looked at. */
export const serviceTables: readonly ServiceTable[] = [
  standard,
  busDriver,
  systemd1,
  login1,
  hostname1,
  timedate1,
  timesync1,
  locale1,
  logControl1,
  machine1,
  portable1,
  import1,
  resolve1,
  network1,
  networkManager,
  wpaSupplicant,
  avahi,
  udisks2,
  upower,
  powerProfiles,
  switcheroo,
  colorManager,
  bolt1,
  realtimeKit,
  fwupd,
  modemManager,
  accounts,
  policyKit1,
  packageKit,
  notifications,
  screenSaver,
  portals,
  mediaPlayers,
];
