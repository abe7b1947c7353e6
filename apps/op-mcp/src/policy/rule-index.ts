import type { Principal, Risk } from "op-tools";
import type { CompiledRule } from "./compiled-rule.ts";
import { addBit, createBitSet, hasBit, intersect, unite, type BitSet } from "./matching/bit-set.ts";
import type { Glob } from "./matching/glob.ts";
import { PatternIndex, type IndexedPattern } from "./matching/pattern-index.ts";
import { PrincipalIndex } from "./matching/principal-index.ts";

/** Who calls what, apart from arguments and time. */
export interface Subject {
  readonly principal: Principal;
  readonly roles: readonly string[];
  readonly client: string | undefined;
  readonly tool: string;
  readonly source: string;
  readonly category: string;
  readonly risk: Risk;
}

/** The rules that are about a call, by their numbers. */
export interface Candidates {
  readonly rules: BitSet;
  /** Whether the rule names the caller by more than `*`. */
  isNamedBy(rule: number): boolean;
}

/** Finds the rules that are about a call without looking at each of them. */
export class RuleIndex {
  /** The rules that deny. */
  readonly denying: BitSet;
  /** All others. */
  readonly others: BitSet;
  readonly #principals: PrincipalIndex;
  readonly #tools: PatternIndex;
  readonly #sources: PatternIndex;
  readonly #categories: PatternIndex;
  readonly #byRisk: Readonly<Record<Risk, BitSet>>;
  readonly #byRole = new Map<string, BitSet>();
  readonly #forAnyRole: BitSet;

  constructor(rules: readonly CompiledRule[]) {
    const numbersOf = (holds: (rule: CompiledRule) => boolean): BitSet => bitsOf(rules, holds);
    this.denying = numbersOf(({ effect }) => effect === "deny");
    this.others = numbersOf(({ effect }) => effect !== "deny");
    this.#principals = new PrincipalIndex(rules.map(({ principals }) => principals));
    this.#tools = indexOf(rules, ({ tools }) => tools);
    this.#sources = indexOf(rules, ({ sources }) => sources);
    this.#categories = indexOf(rules, ({ categories }) => categories);
    const ofRisk = (risk: Risk): BitSet => numbersOf((rule) => rule.risks.has(risk));
    this.#byRisk = {
      read: ofRisk("read"),
      write: ofRisk("write"),
      destructive: ofRisk("destructive"),
      privileged: ofRisk("privileged"),
    };
    this.#forAnyRole = numbersOf(({ roles }) => roles === undefined);
    for (const role of new Set(rules.flatMap(({ roles }) => roles ?? []))) {
      this.#byRole.set(
        role,
        numbersOf(({ roles }) => roles?.includes(role) ?? false),
      );
    }
  }

  candidates(subject: Subject): Candidates {
    const { principal, roles, client, tool, source, category, risk } = subject;
    const { named, all } = this.#principals.matching(principal, client);
    intersect(all, this.#tools.matching(tool));
    intersect(all, this.#sources.matching(source));
    intersect(all, this.#categories.matching(category));
    intersect(all, this.#byRisk[risk]);
    intersect(all, this.#forRoles(roles));
    return { rules: all, isNamedBy: (rule) => hasBit(named, rule) };
  }

  #forRoles(roles: readonly string[]): BitSet {
    const found = this.#forAnyRole.slice();
    for (const role of roles) {
      const ofRole = this.#byRole.get(role);
      if (ofRole !== undefined) unite(found, ofRole);
    }
    return found;
  }
}

function bitsOf(rules: readonly CompiledRule[], holds: (rule: CompiledRule) => boolean): BitSet {
  const bits = createBitSet(rules.length);
  for (const [number, rule] of rules.entries()) if (holds(rule)) addBit(bits, number);
  return bits;
}

function indexOf(
  rules: readonly CompiledRule[],
  globsOf: (rule: CompiledRule) => readonly Glob[],
): PatternIndex {
  const patterns = rules.flatMap((rule, number) =>
    globsOf(rule).map((glob): IndexedPattern => [number, glob]),
  );
  return new PatternIndex(rules.length, patterns);
}
