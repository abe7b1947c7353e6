import type { ToolDescriptor } from "op-tools";

/** The list of a source, and what an unchanged one is known by. */
export interface KnownList {
  readonly fingerprint: string;
  readonly tools: readonly ToolDescriptor[];
}

/** Several lists, which have most of their tools in common. */
export interface KnownLists {
  readonly tools: readonly ToolDescriptor[];
  /** By fingerprint, the places of the tools above. */
  readonly lists: Readonly<Record<string, readonly number[]>>;
}

/**
 * The lists that are known before a source is asked. Here none are: the bundle holds those of what is not configured as
 * plain data, see `bundle.ts`, so that a first start loads nothing for them that a later one does without.
 */
export const knownLists = (): KnownLists => ({ tools: [], lists: {} });
