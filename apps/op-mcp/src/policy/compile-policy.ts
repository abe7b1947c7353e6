import { canonicalJson } from "op-core";
import { hash } from "node:crypto";
import type { Principal } from "op-tools";
import { compileRule, type CompiledRule } from "./compiled-rule.ts";
import { toPlainJson } from "../config/to-plain-json.ts";
import { Judge } from "./judge.ts";
import { compileLimits, type Limits, type LimitsOf } from "./limits.ts";
import { BoundedMap } from "./bounded-map.ts";
import type { PolicyConfig } from "./policy-config.ts";
import { PolicyError, type PolicyProblem } from "./policy-error.ts";
import type { ListedTool, Policy, PolicyDecision, PolicyRequest } from "./policy.ts";
import { createWalls } from "./matching/time-window.ts";
import { createRoles, type Roles } from "./roles.ts";
import { toDecision } from "./word-decision.ts";

/** Prepares a policy. Throws `ERR_POLICY_INVALID`, which names every rule that cannot work and says why. */
export function compilePolicy(config: PolicyConfig): Policy {
  const { parts, problems } = compileParts(config);
  if (problems.length > 0) throw new PolicyError(problems);
  return new CompiledPolicy(config, parts);
}

/** Of one caller: as many as a busy session has different calls. */
const mostSettled = 200;

interface PolicyParts {
  readonly roles: Roles;
  readonly rules: readonly CompiledRule[];
  readonly limitsOf: LimitsOf;
}

/** What a policy is made of, and everything that is wrong with it. */
export function compileParts(config: PolicyConfig): {
  readonly parts: PolicyParts;
  readonly problems: readonly PolicyProblem[];
} {
  const problems: PolicyProblem[] = [];
  const roles = createRoles(config.roles, problems);
  const walls = createWalls();
  const rules = config.rules.map((rule, at) =>
    compileRule(rule, { at, roles: roles.names, walls, problems }),
  );
  const limitsOf = compileLimits(config.limits, roles, problems);
  return { parts: { roles, rules, limitsOf }, problems: [...problems, ...findNamesakes(rules)] };
}

/** A decision names its rule, so that no two may share a name. */
function findNamesakes(rules: readonly CompiledRule[]): readonly PolicyProblem[] {
  const first = new Map<string, number>();
  return rules.flatMap(({ name }, at) => {
    const earlier = first.get(name);
    first.set(name, earlier ?? at);
    if (earlier === undefined) return [];
    const where = `rules[${at}] ${JSON.stringify(name)}`;
    const message = `has the name of rules[${earlier}]`;
    return [{ severity: "error" as const, where, path: ["rules", at, "name"], message }];
  });
}

class CompiledPolicy implements Policy {
  readonly config: PolicyConfig;
  readonly rules: readonly CompiledRule[];
  readonly #roles: Roles;
  readonly #judge: Judge;
  readonly #limitsOf: LimitsOf;
  #fingerprint: string | undefined;
  /** Decisions by caller and call, where nothing but those decides. They go with their caller's connection. */
  readonly #settled = new WeakMap<Principal, BoundedMap<PolicyDecision>>();
  readonly #isSettled: boolean;

  constructor(config: PolicyConfig, { roles, rules, limitsOf }: PolicyParts) {
    this.config = config;
    this.rules = rules;
    this.#roles = roles;
    this.#judge = new Judge(rules, roles);
    this.#limitsOf = limitsOf;
    this.#isSettled = rules.every(({ conditions }) => conditions.length === 0);
  }

  /** Made when it is asked for: most starts never do. */
  get fingerprint(): string {
    this.#fingerprint ??= hash("sha256", canonicalJson(toPlainJson(this.config)));
    return this.#fingerprint;
  }

  decide(request: PolicyRequest): PolicyDecision {
    if (!this.#isSettled) return this.#decideAnew(request);
    const { principal, client = "", source, tool, category, risk } = request;
    const { needsApproval = false, canPreview = true } = request;
    let decisions = this.#settled.get(principal);
    if (decisions === undefined)
      this.#settled.set(principal, (decisions = new BoundedMap(mostSettled)));
    const flags = (needsApproval ? 1 : 0) + (canPreview ? 2 : 0);
    // Callers choose the client's name freely, so it stands last; tools and sources have no such characters.
    const key = `${flags}${risk}\n${source}\n${tool}\n${category}\n${client}`;
    return decisions.getOrMake(key, () => this.#decideAnew(request));
  }

  #decideAnew(request: PolicyRequest): PolicyDecision {
    return toDecision(this.#judge.judge(request), request, this.config.approval);
  }

  mayEverCall(principal: Principal, tool: ListedTool): boolean {
    return this.#judge.mayEverCall(principal, tool);
  }

  rolesOf(principal: Principal): readonly string[] {
    return this.#roles.rolesOf(principal);
  }

  limitsFor(principal: Principal, tool: string): Limits {
    return this.#limitsOf(principal, tool);
  }
}
