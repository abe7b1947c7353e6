import type { Principal } from "op-tools";
import { compileRoles } from "./compiled-rule.ts";
import { complainAbout } from "./complain.ts";
import { compilePrincipals } from "./matching/compile-principals.ts";
import { compileGlob, type Glob } from "./matching/glob.ts";
import { matchesPrincipal, type PrincipalPattern } from "./matching/principal-pattern.ts";
import type { LimitOverride, PolicyLimits } from "./policy-limits-config.ts";
import type { PolicyProblem } from "./policy-error.ts";
import type { Roles } from "./roles.ts";

/** A limit's name: its key in the policy. */
export type LimitName = Exclude<keyof PolicyLimits, "overrides">;

/** How much may be done, and where that is said. */
export interface Limit {
  readonly value: number;
  readonly configKey: string;
}

/** Every limit of a call. */
export type Limits = Readonly<Record<LimitName, Limit>>;

/** Finds the limits of a call. */
export type LimitsOf = (principal: Principal, tool: string) => Limits;

interface CompiledOverride {
  readonly principals: readonly PrincipalPattern[];
  readonly roles: readonly string[] | undefined;
  readonly tools: readonly Glob[];
  readonly limits: Partial<Limits>;
}

/** Prepares the limits; what is wrong with them is added to the problems. */
export function compileLimits(
  { overrides, ...general }: PolicyLimits,
  roles: Roles,
  problems: PolicyProblem[],
): LimitsOf {
  const common = toLimits(general);
  const compiled = overrides.map((override, at) =>
    compileOverride(override, { at, roles, problems }),
  );
  if (compiled.length === 0) return () => common;
  return (principal, tool) => {
    const held = roles.rolesOf(principal);
    const limits = { ...common };
    const fitting = compiled.filter(
      (one) =>
        one.principals.some((pattern) => matchesPrincipal(pattern, principal, undefined)) &&
        (one.roles?.some((role) => held.includes(role)) ?? true) &&
        one.tools.some((glob) => glob.matches(tool)),
    );
    // The first that fits is laid over the others.
    for (const one of fitting.toReversed()) Object.assign(limits, one.limits);
    return limits;
  };
}

function toLimits(values: Readonly<Record<LimitName, number>>): Limits {
  const of = (name: LimitName): Limit => ({
    value: values[name],
    configKey: `policy.limits.${name}`,
  });
  return {
    callsPerMinute: of("callsPerMinute"),
    toolCallsPerMinute: of("toolCallsPerMinute"),
    readCallsPerMinute: of("readCallsPerMinute"),
    writeCallsPerMinute: of("writeCallsPerMinute"),
    destructiveCallsPerMinute: of("destructiveCallsPerMinute"),
    privilegedCallsPerMinute: of("privilegedCallsPerMinute"),
    concurrentCalls: of("concurrentCalls"),
    argumentBytes: of("argumentBytes"),
    resultBytes: of("resultBytes"),
    sessionCalls: of("sessionCalls"),
    sessionBytes: of("sessionBytes"),
    sessionDestructiveCalls: of("sessionDestructiveCalls"),
    sessionWindowMs: of("sessionWindowMs"),
  };
}

interface OverrideSurroundings {
  readonly at: number;
  readonly roles: Roles;
  readonly problems: PolicyProblem[];
}

function compileOverride(
  override: LimitOverride,
  { at, roles, problems }: OverrideSurroundings,
): CompiledOverride {
  const where = `limits.overrides[${at}]`;
  const complain = complainAbout({ where, path: ["limits", "overrides", at] }, problems);
  const entries = Object.entries(override.limits).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, { value, configKey: `policy.${where}.limits.${name}` }]],
  );
  return {
    principals: compilePrincipals(override.principals, { mayNameClients: false, complain }),
    roles: compileRoles(override.roles, { known: roles.names, complain }),
    tools: override.tools.map(compileGlob),
    limits: Object.fromEntries(entries),
  };
}
