import type { JsonObject } from "op-core";
import { resourceId } from "../plugin/resource-id.ts";

/** One resource that a person or a program declares. */
export interface DesiredResource {
  readonly plugin: string;
  readonly key: string;
  /** Null when there should be no such resource. */
  readonly desired: JsonObject | null;
  /** Resources, as `plugin:key`, that come first. */
  readonly requires: readonly string[];
}

/** What should be true. */
export type DesiredState = readonly DesiredResource[];

/** The name of a declared resource. */
export function idOf({ plugin, key }: { readonly plugin: string; readonly key: string }): string {
  return resourceId(plugin, key);
}
