import type { BusConnection, CallOptions } from "../connection/bus-connection.ts";
import { busName, busPath } from "../connection/bus-driver-names.ts";
import { isWellKnownName, type WellKnownName } from "../names/bus-name.ts";
import { createProxy } from "../proxy/proxy.ts";
import { busInterfaceShape } from "../proxy/standard-interfaces.ts";

/** A service that runs, or that the bus can start. */
export interface BusService {
  readonly name: WellKnownName;
  readonly isRunning: boolean;
  readonly isActivatable: boolean;
}

/** Lists the services of a bus, sorted by name; starts none. */
export async function listServices(
  bus: BusConnection,
  options?: CallOptions,
): Promise<readonly BusService[]> {
  const driver = createProxy(bus, busInterfaceShape, { destination: busName, path: busPath });
  const [[running], [activatable]] = await Promise.all([
    driver.call("ListNames", [], options),
    driver.call("ListActivatableNames", [], options),
  ]);
  const names = new Set([...running, ...activatable].filter(isWellKnownName).toSorted());
  return [...names].map((name) => ({
    name,
    isRunning: running.includes(name),
    isActivatable: activatable.includes(name),
  }));
}
