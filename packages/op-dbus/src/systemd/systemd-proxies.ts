import type { BusConnection } from "../connection/bus-connection.ts";
import { createProxy, type Proxy } from "../proxy/proxy.ts";
import { hostnamed } from "./hostnamed.ts";
import { localed } from "./localed.ts";
import { logindManager } from "./logind.ts";
import { systemdJob } from "./systemd-job.ts";
import { systemdManager } from "./systemd.ts";
import { systemdService, systemdUnit } from "./systemd-unit.ts";
import { timedated } from "./timedated.ts";
import { toUnitPath } from "./unit-path.ts";

const systemd = "org.freedesktop.systemd1";

/** The service manager of a bus: the system's, or the user's on a session bus. */
export function createSystemdManager(bus: BusConnection): Proxy<typeof systemdManager> {
  const path = "/org/freedesktop/systemd1";
  return createProxy(bus, systemdManager, { destination: systemd, path });
}

/** A unit by its name. */
export function createSystemdUnit(bus: BusConnection, unit: string): Proxy<typeof systemdUnit> {
  return createProxy(bus, systemdUnit, { destination: systemd, path: toUnitPath(unit) });
}

/** A service by its unit's name. */
export function createSystemdService(
  bus: BusConnection,
  unit: string,
): Proxy<typeof systemdService> {
  return createProxy(bus, systemdService, { destination: systemd, path: toUnitPath(unit) });
}

/** A job by its object's path, which the methods that make jobs return. */
export function createSystemdJob(bus: BusConnection, path: string): Proxy<typeof systemdJob> {
  return createProxy(bus, systemdJob, { destination: systemd, path });
}

/** The login manager. */
export function createLogindManager(bus: BusConnection): Proxy<typeof logindManager> {
  const address = { destination: "org.freedesktop.login1", path: "/org/freedesktop/login1" };
  return createProxy(bus, logindManager, address);
}

/** The machine's names. */
export function createHostnamed(bus: BusConnection): Proxy<typeof hostnamed> {
  const address = { destination: hostnamed.name, path: "/org/freedesktop/hostname1" };
  return createProxy(bus, hostnamed, address);
}

/** The machine's clock. */
export function createTimedated(bus: BusConnection): Proxy<typeof timedated> {
  const address = { destination: timedated.name, path: "/org/freedesktop/timedate1" };
  return createProxy(bus, timedated, address);
}

/** The machine's language. */
export function createLocaled(bus: BusConnection): Proxy<typeof localed> {
  const address = { destination: localed.name, path: "/org/freedesktop/locale1" };
  return createProxy(bus, localed, address);
}
