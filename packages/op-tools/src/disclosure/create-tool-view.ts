import type { JsonObject } from "op-core";
import type { ToolCatalogue } from "../search/tool-catalogue.ts";
import { ToolNotFoundError } from "../tool-error.ts";
import { withNarrowing } from "../tool/derive-context.ts";
import type { ToolContext } from "../tool/tool-context.ts";
import type { ToolDescriptor } from "../tool/tool-descriptor.ts";
import type { ToolResult } from "../tool/tool-result.ts";
import type { DisclosureConfig } from "./disclosure-config.ts";
import { Listing } from "./listing.ts";
import { createFullMembership, createNarrowedMembership } from "./membership.ts";
import {
  createToolFilter,
  narrow,
  type ToolFilter,
  type ToolFilterOptions,
} from "./tool-filter.ts";
import type { ToolView } from "./tool-view.ts";

/** What a view shows, and of what. */
export interface ToolViewOptions {
  readonly catalogue: ToolCatalogue;
  /** Calls any tool by name, through the whole middleware. */
  readonly call: (name: string, args: JsonObject, context: ToolContext) => Promise<ToolResult>;
  /** Names of the tools through which the hidden ones are found and called; in every view, whatever its context. */
  readonly metaTools: readonly string[];
  readonly mode: DisclosureConfig["mode"];
  /** The greatest number of tools, meta tools not counted, that `auto` lists directly; 30 unless told. */
  readonly autoThreshold?: number;
  /** Names of tools that are always listed, first, in this order. */
  readonly pinned?: readonly string[];
  /** Narrows what is listed, found and callable. */
  readonly context?: ToolFilterOptions;
}

/** Makes a view, which follows the catalogue until it is disposed. */
export function createToolView(options: ToolViewOptions): ToolView & Disposable {
  const { catalogue, call } = options;
  const metaTools = new Set(options.metaTools);
  const filter = createToolFilter(options.context ?? {});
  const listeners = new Set<{ readonly tell: () => void }>();
  // A narrow context has to look at every tool, so nothing is computed before the list is first wanted.
  let opened: Listing | undefined;
  const listing = (): Listing => (opened ??= openListing(options, metaTools, filter));
  const subscription = catalogue.onEvent(({ name }) => {
    if (opened?.update(name) !== true) return;
    for (const listener of listeners) listener.tell();
  });

  return {
    get size() {
      return listing().names.length;
    },
    get revision() {
      return listing().revision;
    },
    slice: (start, end) => {
      const names = listing().names.slice(start, end);
      return names.map((name) => catalogue.get(name)).filter((tool) => tool !== undefined);
    },
    find: (name) => findTool(catalogue, name, metaTools, filter),
    call: (name, args, context) => {
      const narrowedTo = narrow(context.narrowedTo, filter);
      if (narrowedTo === undefined) return call(name, args, context);
      if (findTool(catalogue, name, metaTools, narrowedTo) === undefined) {
        return Promise.reject(new ToolNotFoundError(name));
      }
      return call(name, args, withNarrowing(context, narrowedTo));
    },
    onChanged: (tell) => {
      listing();
      const listener = { tell };
      listeners.add(listener);
      return { [Symbol.dispose]: () => void listeners.delete(listener) };
    },
    [Symbol.dispose]: () => {
      subscription[Symbol.dispose]();
      listeners.clear();
    },
  };
}

function openListing(
  { catalogue, mode, autoThreshold = 30, pinned = [] }: ToolViewOptions,
  metaTools: ReadonlySet<string>,
  filter: ToolFilter | undefined,
): Listing {
  const membership =
    filter === undefined
      ? createFullMembership(catalogue, metaTools)
      : createNarrowedMembership(catalogue, metaTools, filter);
  return new Listing({ catalogue, membership, metaTools, mode, autoThreshold, pinned });
}

function findTool(
  catalogue: ToolCatalogue,
  name: string,
  metaTools: ReadonlySet<string>,
  filter: ToolFilter | undefined,
): ToolDescriptor | undefined {
  const tool = catalogue.get(name);
  if (tool === undefined || filter === undefined || metaTools.has(name)) return tool;
  return filter(tool) ? tool : undefined;
}
