import type { JsonObject } from "op-core";
import type { Principal, Risk, ToolFacets } from "op-tools";
import type { CompiledRule } from "./compiled-rule.ts";
import type { Limits } from "./limits.ts";
import type { PolicyConfig } from "./policy-config.ts";

/** A call about which a decision is wanted. */
export interface PolicyRequest {
  readonly principal: Principal;
  /** What the client calls itself: a label, never a proof. */
  readonly client?: string;
  readonly tool: string;
  readonly source: string;
  readonly category: string;
  readonly tags?: readonly string[];
  /** Of this very call; one that is not known counts as destructive. */
  readonly risk: Risk;
  /** Whether the tool wants a person to agree, whatever the risk. */
  readonly needsApproval?: boolean;
  readonly args: JsonObject;
  readonly atMs: number;
  /** Whether the tool can say what it would do; only `false` rules a dry run out. */
  readonly canPreview?: boolean;
}

/** What becomes of a call, and what says so: a rule's name, `role:NAME`, or `default`. */
export type PolicyDecision =
  | { readonly verdict: "allow"; readonly rule: string; readonly reason: string }
  | {
      readonly verdict: "ask";
      readonly rule: string;
      readonly reason: string;
      /** How long a yes counts for the very same call. */
      readonly rememberMs: number;
    }
  | { readonly verdict: "dry-run"; readonly rule: string; readonly reason: string }
  | {
      readonly verdict: "deny";
      readonly rule: string;
      readonly reason: string;
      /** What would allow the call, with the lines of the policy. */
      readonly howToAllow: string;
    };

/** What a decision is about, apart from one call. */
export interface ListedTool extends ToolFacets {
  /** The least risk that any of its calls has, for tools whose calls differ; otherwise the tool's own. */
  readonly leastRisk?: Risk;
}

/** A policy that is ready to decide. */
export interface Policy {
  decide(request: PolicyRequest): PolicyDecision;
  /**
   * Whether some call to the tool may be more than denied. `false` only where every call is denied, whatever its
   * arguments, time and client: for leaving tools out of lists.
   */
  mayEverCall(principal: Principal, tool: ListedTool): boolean;
  /** The names of the principal's roles, in the policy's order. */
  rolesOf(principal: Principal): readonly string[];
  limitsFor(principal: Principal, tool: string): Limits;
  /** The rules in their order, for explanations. */
  readonly rules: readonly CompiledRule[];
  readonly config: PolicyConfig;
  /** The same for policies that say the same, and for no others. */
  readonly fingerprint: string;
}
