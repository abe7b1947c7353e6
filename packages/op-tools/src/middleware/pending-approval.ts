import type { CallEffect } from "../tool/call-effect.ts";
import type { ToolCall } from "./middleware.ts";

/** A call that needs a yes. */
export interface PendingApproval {
  readonly call: ToolCall;
  readonly effect: CallEffect;
  /** The same for the very same call with the same effect by the same caller, and for no other. Holds no secret. */
  readonly key: string;
}
