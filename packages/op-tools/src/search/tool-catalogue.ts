import type { ToolDescriptor } from "../tool/tool-descriptor.ts";

/** What search and disclosure need of the registry. */
export interface ToolCatalogue {
  readonly size: number;
  /** Every name, sorted. */
  names(): readonly string[];
  get(name: string): ToolDescriptor | undefined;
  /** Tells the name of each tool that was added, replaced or removed, after it happened. */
  onEvent(listener: (event: { readonly name: string }) => void): Disposable;
}
