import type { CallEffect, ToolContext } from "op-tools";
import type { PolicyDecision } from "../policy/policy.ts";

/** What was found out about a call on its way, for its entry in the audit log. */
export interface CallTrail {
  effect?: CallEffect;
  decision?: PolicyDecision;
  /** Whether somebody agreed to it. */
  isApproved?: boolean;
}

/** Keeps the trail of each call that is under way. */
export interface CallTrails {
  begin(context: ToolContext): CallTrail;
  of(context: ToolContext): CallTrail | undefined;
}

/** Makes the trails of a system: they go with the calls' contexts. */
export function createCallTrails(): CallTrails {
  const trails = new WeakMap<ToolContext, CallTrail>();
  return {
    begin: (context) => {
      const trail: CallTrail = {};
      trails.set(context, trail);
      return trail;
    },
    of: (context) => trails.get(context),
  };
}
