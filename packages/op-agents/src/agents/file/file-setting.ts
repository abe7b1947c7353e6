import type { Root } from "../places/root.ts";

/** What the operations of the file agent work with. */
export interface FileSetting {
  readonly roots: readonly Root[];
  /** The most that one answer has of a file. */
  readonly readBytes: number;
  /** The most that one call writes. */
  readonly writeBytes: number;
  /** How many things one answer lists. */
  readonly maxEntries: number;
  /** Whether ripgrep may be used, and is there. */
  readonly hasRipgrep: boolean;
}
