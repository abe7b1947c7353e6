import type { BusConnection } from "../connection/bus-connection.ts";
import type { ServiceTreeCache } from "./service-tree-cache.ts";
import { walkObjects, type ServiceTree, type WalkOptions } from "./walk-objects.ts";

/** How a service's objects are read. */
export interface ReadServiceTreeOptions extends WalkOptions {
  readonly cache: ServiceTreeCache;
  /** Which program it is, as `identifyService` and `watchServices` say; of an unknown one nothing is kept. */
  readonly identity: string | undefined;
}

/**
 * The objects of a running service: those that are kept of the same program, or else those it answers with. They are kept
 * when all of them answered.
 */
export async function readServiceTree(
  bus: BusConnection,
  destination: string,
  { cache, identity, ...walk }: ReadServiceTreeOptions,
): Promise<ServiceTree> {
  if (identity === undefined) return await walkObjects(bus, destination, walk);
  const kept = await cache.load(identity);
  if (kept !== undefined) return kept;
  const tree = await walkObjects(bus, destination, walk);
  if (tree.gaps.length === 0) await cache.save(identity, tree);
  return tree;
}
