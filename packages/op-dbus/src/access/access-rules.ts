import { graverOf, isGraver, type AccessClass } from "./access-class.ts";
import type { AccessConfig } from "./access-config.ts";
import type { AccessDecision } from "./access-decision.ts";
import { AccessRuleError } from "./access-error.ts";
import type { BusOperation, Classification } from "./bus-operation.ts";
import { classify } from "./classify.ts";
import { compileRule, type CompiledRule } from "./compiled-rule.ts";
import { howToUnlock, ruleThatAllows } from "./how-to-allow.ts";
import { targetOf } from "./operation-target.ts";
import { viewOperation } from "./operation-view.ts";
import type { Caller } from "./principal.ts";
import { unlockedProblem } from "./rule-problems.ts";

/** Says who may do what. */
export interface AccessRules {
  /** Decides about an operation, which is classified again: the class given can only be graver than that. */
  decide(caller: Caller, operation: BusOperation, classification: Classification): AccessDecision;
}

/** What rules are made with besides their configuration. */
export interface AccessRulesOptions {
  /**
   * Says what an operation is at the least taken for, where more is known of a service than its names tell. It is not
   * asked about what somebody looked at, nor about what is forbidden.
   */
  readonly classify?: (operation: BusOperation) => Classification | undefined;
}

/**
 * Makes rules ready. What is forbidden and not unlocked is denied; then any rule that denies wins, then the first that
 * allows counts, and what no rule allows is denied unless it only observes. Throws `ERR_DBUS_ACCESS_RULE`.
 */
export function createAccessRules(
  config: AccessConfig,
  options: AccessRulesOptions = {},
): AccessRules {
  const rules = config.rules.map(compileRule);
  for (const name of config.unlocked) checkUnlocked(name);
  const unlocked = new Set(config.unlocked);
  const denials = rules.filter(({ rule }) => rule.deny !== undefined);
  const permissions = rules.filter(({ rule }) => rule.allow !== undefined);
  return {
    decide(caller, operation, classification) {
      const current = leastOf(operation, options);
      const itsClass = graverOf(classification.class, current.class);
      const why = itsClass === current.class ? current.reason : classification.reason;
      const about: Question = { caller, operation, class: itsClass, why };
      if (itsClass === "forbidden" && !isUnlocked(operation, unlocked)) return forbid(about);
      const view = viewOperation(operation, itsClass);
      const applies = (rule: CompiledRule) => rule.appliesTo(caller, view);
      const denial = denials.find(applies);
      if (denial !== undefined) return denyBy(denial, about);
      const permission = permissions.find(applies);
      if (permission !== undefined) return allowBy(permission, about);
      return itsClass === "observe" ? observe : denyByDefault(about);
    },
  };
}

interface Question {
  readonly caller: Caller;
  readonly operation: BusOperation;
  readonly class: AccessClass;
  readonly why: string;
}

function leastOf(operation: BusOperation, options: AccessRulesOptions): Classification {
  const known = classify(operation);
  const isOpen = !known.isCurated && known.class !== "forbidden";
  return (isOpen ? options.classify?.(operation) : undefined) ?? known;
}

function checkUnlocked(name: string): void {
  const problem = unlockedProblem(name);
  if (problem !== undefined) throw new AccessRuleError("list of unlocked operations", problem);
}

/** Unlocking is by the exact name of what an operation is about. */
function isUnlocked(operation: BusOperation, unlocked: ReadonlySet<string>): boolean {
  const target = targetOf(operation);
  if (target?.interface === undefined || target.member === undefined) return false;
  return unlocked.has(`${target.interface}.${target.member}`);
}

function allowBy({ label, rule }: CompiledRule, { class: itsClass }: Question): AccessDecision {
  return {
    verdict: "allow",
    needsApproval: rule.confirm ?? isGraver(itsClass, "sensitive"),
    interactiveAuth: rule.interactiveAuth ?? false,
    rule: label,
    class: itsClass,
    reason: `It is allowed by ${JSON.stringify(label)}.`,
  };
}

const observe: AccessDecision = {
  verdict: "allow",
  needsApproval: false,
  interactiveAuth: false,
  rule: "default",
  class: "observe",
  reason: "It only observes, and no rule denies it.",
};

function forbid(about: Question): AccessDecision {
  const reason = `${nameOf(about)} is forbidden: ${about.why}`;
  return deny(about, { rule: "forbidden", reason, howToAllow: howToUnlock(about.operation) });
}

function denyBy({ label }: CompiledRule, about: Question): AccessDecision {
  const rule = JSON.stringify(label);
  return deny(about, {
    rule: label,
    reason: `${nameOf(about)} is denied by the access rule ${rule}.`,
    howToAllow: `A rule that denies wins over every rule that allows: remove or narrow ${rule} in the configuration file.`,
  });
}

function denyByDefault(about: Question): AccessDecision {
  return deny(about, {
    rule: "default",
    reason: `No access rule allows ${nameOf(about)}, which is of class ${about.class}: ${about.why}`,
    howToAllow: ruleThatAllows(about.caller, about.operation, about.class),
  });
}

function deny(
  { class: itsClass }: Question,
  what: Pick<AccessDecision, "rule" | "reason" | "howToAllow">,
): AccessDecision {
  return {
    verdict: "deny",
    needsApproval: false,
    interactiveAuth: false,
    class: itsClass,
    ...what,
  };
}

function nameOf({ operation }: Question): string {
  const { interface: name, member } = targetOf(operation) ?? operation;
  const text = [name, member].filter((part) => part !== undefined).join(".");
  return /^[\w.]{1,511}$/.test(text) ? text : JSON.stringify(text.slice(0, 200));
}
