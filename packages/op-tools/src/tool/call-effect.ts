import type { Risk } from "./risk.ts";

/** What one call would do, where a tool's calls differ. */
export interface CallEffect {
  /** Never above the tool's own risk, which is the greatest that any of its calls has. */
  readonly risk: Risk;
  /** The real effect in a line, for the person who is asked and for the audit log. */
  readonly summary: string;
  /** The same line by line where one is not enough, such as each change of a plan, for the person who is asked. */
  readonly details?: readonly string[];
  /** Whether a person must agree, whatever the risk. */
  readonly needsApproval?: boolean;
  /** What the effect depends on besides the arguments, so that a yes counts for this very effect only. */
  readonly subject?: string;
}
