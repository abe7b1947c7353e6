import { existsSync } from "node:fs";
import type { Environment } from "../config/environment.ts";

/** Where the buses of this machine are, as all programs of D-Bus find them. */
export interface FoundBuses {
  readonly systemBusAddress: string | undefined;
  readonly sessionBusAddress: string | undefined;
}

const systemSocket = "/run/dbus/system_bus_socket";

/** The buses there are; a machine without a system bus has no socket in the usual place. */
export function findBuses(env: Environment): FoundBuses {
  const usual = existsSync(systemSocket) ? `unix:path=${systemSocket}` : undefined;
  return {
    systemBusAddress: env["DBUS_SYSTEM_BUS_ADDRESS"] || usual,
    sessionBusAddress: env["DBUS_SESSION_BUS_ADDRESS"] || undefined,
  };
}
