import type { AccessClass } from "./access-class.ts";

export type { Caller } from "./principal.ts";

/** Whether a caller may do something, by which rule, and what could be done about it. */
export interface AccessDecision {
  readonly verdict: "allow" | "deny";
  /** Whether a person has to say yes first. */
  readonly needsApproval: boolean;
  /** Whether polkit may ask a person for a password. */
  readonly interactiveAuth: boolean;
  /** The name of the rule, or its place such as `rule 3`; `forbidden` and `default` are not rules of the configuration. */
  readonly rule: string;
  readonly class: AccessClass;
  /** One sentence. */
  readonly reason: string;
  /** What would allow it, where it is denied. */
  readonly howToAllow?: string;
}
