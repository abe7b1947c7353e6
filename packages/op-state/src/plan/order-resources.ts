import { StateCycleError } from "../state-error.ts";

/** A resource and what has to come before it. */
export interface OrderedNode {
  readonly id: string;
  readonly requires: readonly string[];
  /** Among resources that go away, what is required goes last. */
  readonly isRemoved: boolean;
}

/**
 * Orders resources so that what is required comes first, equals by name: the same input always gives the same order.
 * Throws `ERR_STATE_CYCLE`, which names the circle.
 */
export function orderResources(nodes: readonly OrderedNode[]): readonly string[] {
  const waits = waitsOf(nodes);
  const followers = followersOf(waits);
  const open = new Map([...waits].map(([id, before]) => [id, before.size]));
  const order: string[] = [];
  let ready = [...waits.keys()].filter((id) => open.get(id) === 0);
  while (ready.length > 0) {
    const level = ready.toSorted();
    order.push(...level);
    ready = level.flatMap((id) => release(followers.get(id) ?? [], open));
  }
  if (order.length < waits.size) throw new StateCycleError(findCycle(waits, new Set(order)));
  return order;
}

/** For each resource, those that come directly before it. */
function waitsOf(nodes: readonly OrderedNode[]): Map<string, Set<string>> {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const waits = new Map(nodes.map(({ id }) => [id, new Set<string>()]));
  for (const node of nodes) {
    for (const id of node.requires) {
      const required = byId.get(id);
      if (required === undefined) continue;
      const isReversed = node.isRemoved && required.isRemoved;
      waits.get(isReversed ? id : node.id)?.add(isReversed ? node.id : id);
    }
  }
  return waits;
}

function followersOf(waits: ReadonlyMap<string, ReadonlySet<string>>): Map<string, string[]> {
  const followers = new Map<string, string[]>();
  for (const [id, before] of waits) {
    for (const first of before) {
      const known = followers.get(first);
      if (known === undefined) followers.set(first, [id]);
      else known.push(id);
    }
  }
  return followers;
}

/** Counts one wait less for each, and returns those that wait for nothing any more. */
function release(ids: readonly string[], open: Map<string, number>): string[] {
  return ids.filter((id) => {
    const left = (open.get(id) ?? 0) - 1;
    open.set(id, left);
    return left === 0;
  });
}

/** Whatever was not ordered waits for something that was not ordered: going there again and again ends in a circle. */
function findCycle(
  waits: ReadonlyMap<string, ReadonlySet<string>>,
  ordered: ReadonlySet<string>,
): readonly string[] {
  const next = (id: string) => [...(waits.get(id) ?? [])].toSorted().find((to) => !ordered.has(to));
  const path: string[] = [];
  let at = [...waits.keys()].toSorted().find((id) => !ordered.has(id));
  while (at !== undefined && !path.includes(at)) {
    path.push(at);
    at = next(at);
  }
  return at === undefined ? path : [...path.slice(path.indexOf(at)), at];
}
