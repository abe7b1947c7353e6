import type { InterfaceDescription } from "../../introspection/description.ts";
import type { ServiceTree } from "../../introspection/walk-objects.ts";
import { describePaths, noPaths, type PathSummary } from "./path-summary.ts";

/** Where an interface is known from: an object that has it, a file that a package installed, or this program. */
export type InterfaceOrigin = "live" | "installed" | "built-in";

/** An interface of a service and the objects that have it. */
export interface InterfaceEntry {
  readonly description: InterfaceDescription;
  readonly paths: PathSummary;
  readonly origin: InterfaceOrigin;
}

/** What is known of one service of one bus. */
export interface ServiceEntry {
  readonly bus: string;
  readonly name: string;
  readonly interfaces: ReadonlyMap<string, InterfaceEntry>;
  /** Whether it runs and yet told nothing: what is known of it then comes from elsewhere. */
  readonly isSilent: boolean;
  /** Objects that did not answer, or were left out. */
  readonly gapCount: number;
}

/** Interfaces that every object has: what they do is done by tools of their own. */
const plumbing: ReadonlySet<string> = new Set([
  "org.freedesktop.DBus.Introspectable",
  "org.freedesktop.DBus.Peer",
  "org.freedesktop.DBus.Properties",
]);

/** Whether an interface is one that every object has. */
function isPlumbing(interfaceName: string): boolean {
  return plumbing.has(interfaceName);
}

/** The interfaces of a service's objects, each with the paths of those that have it. */
export function interfacesOfTree(tree: ServiceTree): ReadonlyMap<string, InterfaceEntry> {
  const found = new Map<string, { description: InterfaceDescription; paths: string[] }>();
  for (const { path, document } of tree.objects) {
    for (const description of document.description.interfaces) {
      if (isPlumbing(description.name)) continue;
      const known = found.get(description.name);
      if (known === undefined) found.set(description.name, { description, paths: [path] });
      else known.paths.push(path);
    }
  }
  const entries = found
    .entries()
    .map(([name, { description, paths }]): [string, InterfaceEntry] => [
      name,
      { description, paths: describePaths(paths), origin: "live" },
    ]);
  return new Map(entries);
}

/** Interfaces of a service that does not run, or that tells nothing of itself. */
export function interfacesOfDescriptions(
  descriptions: readonly InterfaceDescription[],
  origin: InterfaceOrigin,
): ReadonlyMap<string, InterfaceEntry> {
  return new Map(
    descriptions.map((description) => [description.name, { description, paths: noPaths, origin }]),
  );
}
