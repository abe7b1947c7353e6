import type { ToolRegistry } from "../registry/tool-registry.ts";

/** What search and disclosure need of the registry. */
export type ToolCatalogue = Pick<ToolRegistry, "size" | "names" | "has" | "get"> & {
  /** Tells the name of each tool that was added, replaced or removed, after it happened. */
  onEvent(listener: (event: { readonly name: string }) => void): Disposable;
};
