import type { JsonValue } from "op-core";

/** A configuration file's text, read. */
export interface ParsedConfigText {
  readonly value: JsonValue;
  /** The line where a key stands, where the format tells. */
  readonly lineOf: (keys: readonly (string | number)[]) => number | undefined;
}
