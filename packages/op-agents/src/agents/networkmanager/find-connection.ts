import { operationFailure } from "../../serving/operation-failure.ts";
import { textField } from "../operation/field.ts";
import type { BusCallOptions } from "../systemd/systemd-bus.ts";
import { quote } from "../text/quote.ts";
import type { NetworkDevice, NetworkManagerBus, StoredConnection } from "./networkmanager-bus.ts";

/** The connection that an operation is about. */
export const connectionField = textField("connection", "The connection, by its name or UUID.");

/** Finds a stored connection. */
export async function findConnection(
  bus: NetworkManagerBus,
  wanted: string,
  options: BusCallOptions,
): Promise<StoredConnection> {
  const all = await bus.connections(options);
  const found = all.filter(({ name, uuid }) => uuid === wanted || name === wanted);
  const [first, second] = found;
  if (first !== undefined && second === undefined) return first;
  const names = all.map(({ name, uuid }) => (first === undefined ? name : `${name} ${uuid}`));
  throw operationFailure({
    code: first === undefined ? "ERR_NOT_FOUND" : "ERR_AMBIGUOUS",
    message: `${first === undefined ? "There is no connection" : "More than one connection is called"} ${quote(wanted)}.`,
    advice: `There are: ${names.slice(0, 20).join(", ")}.`,
  });
}

/** Finds the device of a connection: the one that has it, or the one it is for. */
export async function findDevice(
  bus: NetworkManagerBus,
  connection: Pick<StoredConnection, "path" | "interface">,
  options: BusCallOptions,
): Promise<{ readonly device: NetworkDevice | undefined; readonly isActive: boolean }> {
  const [active, devices] = await Promise.all([
    bus.activeConnections(options),
    bus.devices(options),
  ]);
  const used = active.find((each) => each.connection === connection.path);
  const holder = devices.find(({ path }) => used?.devices.includes(path) === true);
  const named = devices.find((each) => each.interface === connection.interface);
  return { device: holder ?? named, isActive: used !== undefined };
}
