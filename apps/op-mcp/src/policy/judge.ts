import { risks, type Principal, type Risk } from "op-tools";
import { toKnownRisk, type CompiledRule } from "./compiled-rule.ts";
import { nextCommonBit, type BitSet } from "./matching/bit-set.ts";
import type { Certainty } from "./matching/certainty.ts";
import type { Circumstances } from "./matching/condition.ts";
import type { ListedTool, PolicyRequest } from "./policy.ts";
import type { Roles } from "./roles.ts";
import { RuleIndex, type Candidates, type Subject } from "./rule-index.ts";
import { adjust, isStricter, refusalOf, rulingOf, type Ruling } from "./ruling.ts";

/** Whether the conditions of a rule hold for a call that the rule is about. */
export function lookAtConditions({ conditions }: CompiledRule, call: Circumstances): Certainty {
  let all: Certainty = "yes";
  for (const condition of conditions) {
    const one = condition.look(call);
    if (one === "no") return "no";
    if (one === "unknown") all = "unknown";
  }
  return all;
}

/**
 * Decides by rules and roles. A rule that denies wins over all others, also where the call does not say enough to know
 * whether it fits. Of the others, the first that surely fits decides; one that asks or makes a dry run and only may fit
 * tightens what follows and never loosens it. Where no rule fits, the role decides. Somebody without a role is
 * permitted nothing but by a rule that names them.
 */
export class Judge {
  readonly #rules: readonly CompiledRule[];
  readonly #roles: Roles;
  readonly #index: RuleIndex;

  constructor(rules: readonly CompiledRule[], roles: Roles) {
    this.#rules = rules;
    this.#roles = roles;
    this.#index = new RuleIndex(rules);
  }

  judge(request: PolicyRequest): Ruling {
    const { principal, client, tool, source, category } = request;
    const risk = toKnownRisk(request.risk);
    const roles = this.#roles.rolesOf(principal);
    const subject = { principal, roles, client, tool, source, category, risk };
    const candidates = this.#index.candidates(subject);
    const denial = this.#findDenial(candidates, request);
    return adjust(denial ?? this.#permit(candidates, request, subject), request);
  }

  /** Whether any call to the tool may be more than denied. */
  mayEverCall(principal: Principal, tool: ListedTool): boolean {
    const roles = this.#roles.rolesOf(principal);
    const { name, source, category } = tool;
    const greatest = toKnownRisk(tool.risk);
    const least = tool.leastRisk === undefined ? greatest : toKnownRisk(tool.leastRisk);
    return risks
      .slice(risks.indexOf(least), risks.indexOf(greatest) + 1)
      .some((risk) =>
        this.#isOpen({ principal, roles, client: undefined, tool: name, source, category, risk }),
      );
  }

  #findDenial({ rules }: Candidates, call: Circumstances): Ruling | undefined {
    for (const [, rule] of this.#in(rules, this.#index.denying)) {
      const certainty = lookAtConditions(rule, call);
      if (certainty !== "no") return rulingOf(rule, certainty);
    }
    return undefined;
  }

  #permit(candidates: Candidates, call: Circumstances, { roles, risk }: Subject): Ruling {
    let tightest: Ruling | undefined;
    for (const [number, rule] of this.#in(candidates.rules, this.#index.others)) {
      const certainty = lookAtConditions(rule, call);
      if (certainty === "no") continue;
      const isEntitled = roles.length > 0 || candidates.isNamedBy(number);
      if (rule.effect === "allow" && (certainty === "unknown" || !isEntitled)) continue;
      if (!isEntitled) return refusalOf(rule);
      const ruling = rulingOf(rule, certainty);
      if (certainty === "yes") return tighter(ruling, tightest);
      tightest = tightest === undefined ? ruling : tighter(tightest, ruling);
    }
    return tighter(this.#byRole(roles, risk), tightest);
  }

  #byRole(roles: readonly string[], risk: Risk): Ruling {
    const permission = this.#roles.permissionOf(roles, risk);
    if (permission === undefined) return { verdict: "deny", origin: { kind: "nothing" } };
    return { verdict: permission.permission, origin: { kind: "role", permission } };
  }

  /** Whether some call of this risk may be more than denied, whatever its arguments, its time and its client. */
  #isOpen(subject: Subject): boolean {
    const candidates = this.#index.candidates(subject);
    for (const [, rule] of this.#in(candidates.rules, this.#index.denying)) {
      if (rule.conditions.length === 0) return false;
    }
    for (const [number, rule] of this.#in(candidates.rules, this.#index.others)) {
      if (subject.roles.length > 0 || candidates.isNamedBy(number)) return true;
      if (rule.effect !== "allow" && rule.conditions.length === 0) return false;
    }
    return this.#byRole(subject.roles, subject.risk).verdict !== "deny";
  }

  /** The rules in both sets, in their order. */
  #in(some: BitSet, others: BitSet): readonly (readonly [number, CompiledRule])[] {
    const found: (readonly [number, CompiledRule])[] = [];
    let number = nextCommonBit(some, others, 0);
    while (number !== -1) {
      const rule = this.#rules[number];
      if (rule !== undefined) found.push([number, rule]);
      number = nextCommonBit(some, others, number + 1);
    }
    return found;
  }
}

/** The first, unless the second permits less. */
function tighter(first: Ruling, second: Ruling | undefined): Ruling {
  return second !== undefined && isStricter(second.verdict, first.verdict) ? second : first;
}
