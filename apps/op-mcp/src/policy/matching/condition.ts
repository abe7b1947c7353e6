import type { JsonObject } from "op-core";
import type { Certainty } from "./certainty.ts";

/** What of a call conditions look at. */
export interface Circumstances {
  readonly args: JsonObject;
  readonly atMs: number;
}

/** What a rule looks at in a call beside who calls what. */
export interface Condition {
  /** The key of the rule it comes from, as in `args.unit` or `when`. */
  readonly key: string;
  readonly isAboutArguments: boolean;
  look(circumstances: Circumstances): Certainty;
}
