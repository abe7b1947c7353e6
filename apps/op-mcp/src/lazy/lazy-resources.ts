import { abortable } from "op-core";
import type { ResourceSource } from "op-tools";

/** How resources are offered whose source is opened when one of them is first read or followed. */
export interface LazyResourcesOptions extends Pick<ResourceSource, "name" | "list" | "owns"> {
  readonly source: () => Promise<ResourceSource>;
  /** Resolves when something opened the source: nothing that nobody looked at is followed. */
  readonly isOpen: Promise<void>;
}

/** Makes resources whose source is opened when it is first used, and closed by whoever opens it. */
export function createLazyResources(options: LazyResourcesOptions): ResourceSource {
  const { name, list, owns, source, isOpen } = options;
  return {
    name,
    list,
    owns,
    read: async (uri, how) => await (await source()).read(uri, how),
    follow: async (uri, how) => {
      await (await source()).follow?.(uri, how);
    },
    changes: async function* changes(how) {
      try {
        await abortable(isOpen, how.signal);
      } catch (error) {
        if (how.signal.aborted) return;
        throw error;
      }
      yield* (await source()).changes?.(how) ?? [];
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
