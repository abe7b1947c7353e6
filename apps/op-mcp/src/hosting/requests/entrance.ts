import type { RequestGuard } from "../../auth/guard/request-guard.ts";
import type { NodeRequestFacts } from "../../auth/node-request.ts";

/** By which listener somebody came: what is known of them by that alone, and whom it lets in. */
export interface Entrance {
  readonly guard: RequestGuard;
  readonly facts: NodeRequestFacts;
}
