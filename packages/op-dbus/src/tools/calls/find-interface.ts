import { walkObjects } from "../../introspection/walk-objects.ts";
import { busName, busPath } from "../../connection/bus-driver-names.ts";
import { parseInterfaceName } from "../../names/interface-name.ts";
import { parseWellKnownName } from "../../names/bus-name.ts";
import { parseObjectPath, type ObjectPath } from "../../names/object-path.ts";
import { describeShape } from "../../object-server/describe-shape.ts";
import { introspectableInterface, peerInterface } from "../../proxy/standard-interfaces.ts";
import type { BusCatalogue } from "../catalogue/bus-catalogue.ts";
import { conventionalPath, noPaths } from "../catalogue/path-summary.ts";
import {
  interfacesOfTree,
  type InterfaceEntry,
  type ServiceEntry,
} from "../catalogue/service-entry.ts";
import { PathNeededError, UnknownMemberError } from "../dbus-tools-error.ts";

/** Which interface is meant, and of which object where the caller says so. */
export interface InterfaceRequest {
  readonly service: string;
  readonly interface: string;
  readonly path?: string | undefined;
}

/** Interfaces of every object that answer for themselves; properties have tools of their own. */
const standard: ReadonlyMap<string, InterfaceEntry> = new Map(
  [peerInterface, introspectableInterface].map((shape) => [
    shape.name,
    { description: describeShape(shape), paths: noPaths, origin: "built-in" },
  ]),
);

/**
 * Finds an interface: in what is known of the service, else at the object itself, else in the service as it is now.
 * Rejects with `ERR_DBUS_UNKNOWN`, with `ERR_DBUS_UNAVAILABLE` while the bus is gone, and with `ERR_DBUS_NAME` for names that the specification does not allow.
 */
export async function findInterface(
  catalogue: BusCatalogue,
  request: InterfaceRequest,
  signal: AbortSignal,
): Promise<InterfaceEntry> {
  const service = parseWellKnownName(request.service);
  const name = parseInterfaceName(request.interface);
  const path = request.path === undefined ? undefined : parseObjectPath(request.path);
  const entry = await catalogue.describe(service, signal);
  const known = entry.interfaces.get(name) ?? standard.get(name);
  if (known !== undefined) return known;
  const found =
    path === undefined
      ? (await catalogue.describeAnew(service, signal)).interfaces
      : await interfacesAt(catalogue, { service, path }, signal);
  const late = found.get(name);
  if (late !== undefined) return late;
  // Who told nothing may only have lost its bus, which is another problem.
  if (entry.isSilent) await catalogue.connection(signal);
  throw unknownInterface(name, entry);
}

/** The interfaces of one object, as it says itself; none when it does not answer. */
export async function interfacesAt(
  catalogue: BusCatalogue,
  { service, path }: { readonly service: string; readonly path: string },
  signal: AbortSignal,
): Promise<ReadonlyMap<string, InterfaceEntry>> {
  const bus = await catalogue.connection(signal);
  return interfacesOfTree(await walkObjects(bus, service, { path, maxDepth: 0, signal }));
}

/**
 * The object a call is for: the one that is named, else the only one that has the interface. Rejects with
 * `ERR_DBUS_PATH_NEEDED` when there is not exactly one.
 */
export async function findPath(
  catalogue: BusCatalogue,
  request: InterfaceRequest & { readonly entry: InterfaceEntry },
  signal: AbortSignal,
): Promise<ObjectPath> {
  const { service, interface: name, entry, path } = request;
  if (path !== undefined) return parseObjectPath(path);
  // The bus answers at every path, and says so of some.
  if (service === busName) return parseObjectPath(busPath);
  const main = conventionalPath(service);
  if (standard.has(name) || (entry.origin !== "live" && isOfMainObject(service, name))) {
    return parseObjectPath(main);
  }
  const [only, another] = entry.paths.all;
  if (only === main && another === undefined) return parseObjectPath(only);
  // Other objects come and go: whether there is one only is worth asking now.
  const now = await catalogue.describeAnew(service, signal);
  // Who does not answer now is asked where it was: the call itself then fails with the reason.
  const { all } = now.isSilent ? entry.paths : (now.interfaces.get(name)?.paths ?? noPaths);
  const [single] = all;
  if (all.length === 1 && single !== undefined) return parseObjectPath(single);
  throw new PathNeededError(name, all);
}

function isOfMainObject(service: string, interfaceName: string): boolean {
  return interfaceName === service || interfaceName === `${service}.Manager`;
}

function unknownInterface(name: string, entry: ServiceEntry): UnknownMemberError {
  const last = name.split(".").at(-1)?.toLowerCase() ?? "";
  const names = [...entry.interfaces.keys()];
  const near = names.filter((other) => other.toLowerCase().includes(last));
  const nearest = (near.length > 0 ? near : names).slice(0, 5);
  return new UnknownMemberError(`interface ${name} of ${entry.name}`, nearest);
}
