import { graverOf, type AccessClass } from "../../access/access-class.ts";
import type { Classification, PartialOperation } from "../../access/bus-operation.ts";
import { createGlob } from "../../access/glob.ts";
import type { Annotations } from "../../introspection/description.ts";

/** Services that become tools by themselves when they appear, by their names. */
export interface AgentPattern {
  /** In which `*` stands for any text. */
  readonly pattern: string;
  /** What a call is taken for when the agent says nothing, and the least it is taken for when it does. */
  readonly grants: "observe" | "change" | "destructive";
  /** Whether an agent may say of a method that it only reads. */
  readonly mayDeclareReads: boolean;
}

/** The annotation by which an agent says what a method does: `read`, `write` or `destructive`. */
export const riskAnnotation = "org.dbusmcp.Risk";

/** The pattern that a service's name fits first. */
export function patternOf(
  service: string,
  patterns: readonly AgentPattern[],
): AgentPattern | undefined {
  return patterns.find(({ pattern }) => createGlob(pattern)(service));
}

const declaredClasses: Readonly<Partial<Record<string, AccessClass>>> = {
  read: "observe",
  write: "change",
  destructive: "destructive",
};
const graveVerbs =
  /^(?:delete|destroy|drop|erase|format|kill|purge|remove|reset|terminate|uninstall|wipe)/i;

/**
 * What calling an agent, or setting a property of it, is taken for; undefined for anything else. The member's name can
 * make it graver, whatever the agent says, and never more harmless.
 */
export function classifyAgentOperation(
  { service, kind, member }: PartialOperation,
  patterns: readonly AgentPattern[],
  annotations: Annotations,
): Classification | undefined {
  const found = kind === "call" || kind === "set" ? patternOf(service, patterns) : undefined;
  if (found === undefined) return undefined;
  const { grants, mayDeclareReads, pattern } = found;
  const declared = declaredClasses[annotations.get(riskAnnotation) ?? ""];
  const isGrave = kind === "call" && graveVerbs.test(member);
  const isRead = kind === "call" && declared === "observe" && mayDeclareReads && !isGrave;
  const named = isGrave ? "destructive" : grants;
  const accessClass = isRead ? "observe" : graverOf(named, declared ?? "observe");
  return {
    class: accessClass,
    isCurated: false,
    isIdempotent: accessClass === "observe",
    reason: `the agent's name fits ${pattern}, and its methods count as ${accessClass}`,
  };
}

/** What an agent can say that makes its methods most harmless. */
export const mostHarmless: Annotations = new Map([[riskAnnotation, "read"]]);
