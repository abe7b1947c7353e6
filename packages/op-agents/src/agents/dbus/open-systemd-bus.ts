import {
  createProxy,
  defineInterface,
  openBusConnection,
  type BusConnection,
  type CallOptions,
} from "op-dbus";
import { createSystemdManager, createSystemdUnit } from "op-dbus/systemd";
import type { BusCallOptions, SystemdBus, UnitRow } from "../systemd/systemd-bus.ts";
import { onBus } from "./bus-failure.ts";
import { createUnitChanges } from "./unit-changes.ts";
import { propertiesToJson } from "./properties-to-json.ts";

const service = "org.freedesktop.systemd1";

/** Connects to the systemd of a bus. */
export async function openSystemdBus(
  address: string,
  { signal }: BusCallOptions,
): Promise<SystemdBus & AsyncDisposable> {
  const open = async () => await openBusConnection({ address, signal });
  const bus = await onBus("Asking systemd", open);
  return {
    ...createUnitLists(bus),
    ...createUnitLooks(bus),
    ...createUnitChanges(bus),
    [Symbol.asyncDispose]: async () => await bus[Symbol.asyncDispose](),
  };
}

function createUnitLists(
  bus: BusConnection,
): Pick<SystemdBus, "listUnits" | "findUnits" | "listUnitFiles"> {
  const manager = createSystemdManager(bus);
  return {
    listUnits: async ({ states, patterns }, { signal }) => {
      const list = async () =>
        await manager.call("ListUnitsByPatterns", [[...states], [...patterns]], { signal });
      const [rows] = await onBus("Listing units", list);
      return rows.map(toUnitRow);
    },
    findUnits: async (names, { signal }) => {
      const list = async () => await manager.call("ListUnitsByNames", [[...names]], { signal });
      const [rows] = await onBus("Listing units", list);
      return rows.map(toUnitRow);
    },
    listUnitFiles: async (patterns, { signal }) => {
      const list = async () =>
        await manager.call("ListUnitFilesByPatterns", [[], [...patterns]], { signal });
      const [rows] = await onBus("Listing unit files", list);
      return rows.map(([path, state]) => ({ name: path.slice(path.lastIndexOf("/") + 1), state }));
    },
  };
}

function createUnitLooks(
  bus: BusConnection,
): Pick<SystemdBus, "unitProperties" | "kindProperties" | "processes"> {
  const read = async (unit: string, name: string, { signal }: CallOptions) => {
    const { destination, path } = createSystemdUnit(bus, unit);
    const shape = defineInterface({ name, methods: {}, properties: {}, signals: {} });
    const proxy = createProxy(bus, shape, { destination, path });
    const look = async () => propertiesToJson(await proxy.getAll({ signal }));
    return await onBus(`Looking at ${unit}`, look);
  };
  return {
    unitProperties: async (unit, options) => await read(unit, `${service}.Unit`, options),
    kindProperties: async (unit, options) =>
      await read(unit, `${service}.${kindOf(unit)}`, options),
    processes: async (unit, { signal }) => {
      const manager = createSystemdManager(bus);
      const list = async () => await manager.call("GetUnitProcesses", [unit], { signal });
      const [rows] = await onBus(`Listing the processes of ${unit}`, list);
      return rows.map(([, pid, command]) => ({ pid, command }));
    },
  };
}

/** `Service` for `nginx.service`. */
function kindOf(unit: string): string {
  const kind = unit.slice(unit.lastIndexOf(".") + 1);
  return kind.slice(0, 1).toUpperCase() + kind.slice(1);
}

type RawUnit = readonly [
  name: string,
  description: string,
  load: string,
  active: string,
  sub: string,
  following: string,
  path: string,
  jobId: number,
  jobType: string,
  jobPath: string,
];

function toUnitRow([name, description, load, active, sub, , , , job]: RawUnit): UnitRow {
  return { name, description, load, active, sub, job };
}
