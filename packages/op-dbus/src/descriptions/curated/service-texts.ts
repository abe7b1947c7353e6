import type { ServiceText } from "../curated-text.ts";
import { accounts } from "./accounts.ts";
import { avahi } from "./avahi.ts";
import { login1 } from "./login1.ts";
import { hostname1, locale1, logControl1, timedate1 } from "./machine-settings.ts";
import { networkManager } from "./networkmanager.ts";
import { packageKit } from "./packages.ts";
import { policyKit1 } from "./policy-kit.ts";
import { resolve1 } from "./resolve1.ts";
import { busDriver, standard } from "./standard.ts";
import { systemd1 } from "./systemd1.ts";
import { udisks2 } from "./udisks2.ts";
import { upower } from "./upower.ts";

/** Everything that is described. */
export const serviceTexts: readonly ServiceText[] = [
  standard,
  logControl1,
  busDriver,
  systemd1,
  login1,
  hostname1,
  timedate1,
  locale1,
  resolve1,
  networkManager,
  udisks2,
  upower,
  policyKit1,
  avahi,
  packageKit,
  accounts,
];
