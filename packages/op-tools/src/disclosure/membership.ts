import type { ToolCatalogue } from "../search/tool-catalogue.ts";
import type { ToolFilter } from "./tool-filter.ts";

/** Which tools belong to a view, apart from the meta tools, which always do. */
export interface Membership {
  /** How many belong. */
  readonly size: number;
  has(name: string): boolean;
  /** Takes note of a tool that was added, replaced or removed, and tells whether it belonged before or does now. */
  update(name: string): boolean;
}

/** Everything belongs that is not a meta tool: needs no look at any tool. */
export function createFullMembership(
  catalogue: ToolCatalogue,
  metaTools: ReadonlySet<string>,
): Membership {
  const countMeta = (): number => [...metaTools].filter((name) => catalogue.has(name)).length;
  let present = countMeta();
  return {
    get size() {
      return catalogue.size - present;
    },
    has: () => true,
    update: (name) => {
      if (metaTools.has(name)) present = countMeta();
      return !metaTools.has(name);
    },
  };
}

/** What passes a filter belongs. Looks at each tool once, and again at those that change. */
export function createNarrowedMembership(
  catalogue: ToolCatalogue,
  metaTools: ReadonlySet<string>,
  filter: ToolFilter,
): Membership {
  const passes = (name: string): boolean => {
    const tool = catalogue.get(name);
    return tool !== undefined && !metaTools.has(name) && filter(tool);
  };
  const members = new Set(catalogue.names().filter(passes));
  return {
    get size() {
      return members.size;
    },
    has: (name) => members.has(name),
    update: (name) => {
      const belonged = members.delete(name);
      const belongs = passes(name);
      if (belongs) members.add(name);
      return belonged || belongs;
    },
  };
}
