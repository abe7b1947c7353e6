import { isOpError } from "op-core";
import { unitsOf } from "../../access/unit-names.ts";
import type { BusOperation } from "../../access/bus-operation.ts";
import type { BusConnection, CallOptions } from "../../connection/bus-connection.ts";
import { createProxy } from "../../proxy/proxy.ts";
import { systemdManager } from "../../systemd/systemd.ts";
import { systemdUnit } from "../../systemd/systemd-unit.ts";

const systemd = "org.freedesktop.systemd1";
const managerPath = "/org/freedesktop/systemd1";
const mostUnits = 16;

/**
 * Finds out under which other names systemd knows the units an operation is about, because a harmless name may be an
 * alias of a grave one. A unit that systemd cannot load has none.
 */
export async function withUnitAliases(
  bus: BusConnection,
  operation: BusOperation,
  options: CallOptions,
): Promise<BusOperation> {
  if (operation.service !== systemd || operation.kind === "get") return operation;
  const { names } = unitsOf(operation);
  const isFew = names.length > 0 && names.length <= mostUnits;
  if (!isFew) return operation;
  const found = await Promise.all(names.map((name) => namesOfUnit(bus, name, options)));
  const unitNames = [...new Set(found.flat())];
  return unitNames.length === 0 ? operation : { ...operation, unitNames };
}

async function namesOfUnit(
  bus: BusConnection,
  name: string,
  options: CallOptions,
): Promise<readonly string[]> {
  try {
    const manager = createProxy(bus, systemdManager, { destination: systemd, path: managerPath });
    const [path] = await manager.call("LoadUnit", [name], options);
    const unit = createProxy(bus, systemdUnit, { destination: systemd, path });
    return await unit.get("Names", options);
  } catch (error) {
    options.signal?.throwIfAborted();
    if (isOpError(error)) return [];
    throw error;
  }
}
