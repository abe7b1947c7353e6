/**
 * What is wrong with a log:
 * `modified`: something is not what was written · `reordered`: entries lie in another order · `deleted`: entries, or a
 * whole segment, are missing · `truncated`: the end of the log or of a segment is missing · `inserted`: an entry was
 * added · `rewritten`: the log is consistent in itself and is not the one a signed checkpoint vouches for ·
 * `checkpoint`: a checkpoint itself is not genuine.
 */
export type FaultKind =
  | "modified"
  | "reordered"
  | "deleted"
  | "truncated"
  | "inserted"
  | "rewritten"
  | "checkpoint";

/** One thing that is wrong, and where. */
export interface Fault {
  readonly kind: FaultKind;
  /** The first entry it concerns. */
  readonly seq: number;
  /** How many entries it concerns, as far as can be told. */
  readonly count: number;
  /** The file it was found in. */
  readonly file: string;
  /** Where in the file, before compression. */
  readonly offset: number;
  readonly detail: string;
}
