import type { JsonObject } from "op-core";
import type { Revision } from "../revisions/revision.ts";

/** What a server said of itself, and how it wants to be spoken to. Plain JSON, so that it can be remembered. */
export interface ServerProfile {
  readonly revision: Revision;
  readonly capabilities: JsonObject;
  readonly serverInfo: JsonObject;
  readonly instructions?: string;
}

/** Which protocol era to try. `auto` asks in the stateless one first, and shakes hands where that is not understood. */
export type EraChoice = "auto" | "modern" | "legacy";
