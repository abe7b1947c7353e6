import { matchesPattern } from "../names/tool-pattern.ts";
import type { ToolDescriptor } from "../tool/tool-descriptor.ts";

/** What of a tool decides whether it belongs to a context. */
export type ToolFacets = Pick<ToolDescriptor, "name" | "source" | "category" | "tags" | "risk">;

/** Whether a tool belongs to a context. */
export type ToolFilter = (tool: ToolFacets) => boolean;

/** Which tools a context is about. An empty list does not narrow it; a tool must satisfy all the others. */
export interface ToolFilterOptions {
  readonly categories?: readonly string[];
  /** A tool needs one of them. */
  readonly tags?: readonly string[];
  readonly sources?: readonly string[];
  /** Names, in which `*` stands for any text. */
  readonly names?: readonly string[];
}

/** Makes the filter of a context; there is none when nothing narrows it. */
export function createToolFilter(options: ToolFilterOptions): ToolFilter | undefined {
  const { categories = [], tags = [], sources = [], names = [] } = options;
  const filters: readonly (ToolFilter | undefined)[] = [
    includes(categories, (tool) => [tool.category]),
    includes(tags, (tool) => tool.tags),
    includes(sources, (tool) => [tool.source]),
    matches(names),
  ];
  return filters.reduce(narrow, undefined);
}

/** Both filters at once; an absent one lets everything pass. */
export function narrow(
  first: ToolFilter | undefined,
  second: ToolFilter | undefined,
): ToolFilter | undefined {
  if (first === undefined || second === undefined) return first ?? second;
  return (tool) => first(tool) && second(tool);
}

function includes(
  wanted: readonly string[],
  facet: (tool: ToolFacets) => readonly string[],
): ToolFilter | undefined {
  if (wanted.length === 0) return undefined;
  const set = new Set(wanted);
  return (tool) => facet(tool).some((value) => set.has(value));
}

function matches(patterns: readonly string[]): ToolFilter | undefined {
  if (patterns.length === 0) return undefined;
  return (tool) => patterns.some((pattern) => matchesPattern(tool, pattern));
}
