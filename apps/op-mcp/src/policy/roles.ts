import type { Principal, Risk } from "op-tools";
import { complainAbout } from "./complain.ts";
import { hasBit } from "./matching/bit-set.ts";
import { compilePrincipals } from "./matching/compile-principals.ts";
import { isAuthenticated, type PrincipalPattern } from "./matching/principal-pattern.ts";
import { PrincipalIndex } from "./matching/principal-index.ts";
import type { PolicyRole } from "./policy-config.ts";
import type { PolicyProblem } from "./policy-error.ts";
import type { Permission } from "./policy-rule-config.ts";

/** What a role permits, and which. */
export interface RolePermission {
  readonly role: string;
  readonly permission: Permission;
}

/** Who has which roles, and what those permit. */
export interface Roles {
  readonly names: readonly string[];
  /** In the policy's order. */
  rolesOf(principal: Principal): readonly string[];
  /** The most that any of the roles permits; nothing for whoever has none. */
  permissionOf(roles: readonly string[], risk: Risk): RolePermission | undefined;
}

/** From the most to the least that can be permitted. */
const permissions: readonly Permission[] = ["allow", "ask", "dry-run", "deny"];

/** Prepares the roles; what is wrong with them is added to the problems. */
export function createRoles(
  config: Readonly<Record<string, PolicyRole>>,
  problems: PolicyProblem[],
): Roles {
  const entries = Object.entries(config);
  const names = entries.map(([name]) => name);
  const patterns = entries.map(([name, role]) => principalsOf(name, role, problems));
  const index = new PrincipalIndex(patterns);
  return {
    names,
    rolesOf: (principal) => {
      const { named, all } = index.matching(principal);
      // Being anybody is enough only for somebody who is known.
      const held = isAuthenticated(principal) ? all : named;
      return names.filter((_, number) => hasBit(held, number));
    },
    permissionOf: (roles, risk) => {
      const [first, ...others] = roles.flatMap((role) => {
        const permission = config[role]?.permissions[risk];
        return permission === undefined ? [] : [{ role, permission }];
      });
      return first && others.reduce((best, other) => (isMore(other, best) ? other : best), first);
    },
  };
}

function isMore(one: RolePermission, other: RolePermission): boolean {
  return permissions.indexOf(one.permission) < permissions.indexOf(other.permission);
}

function principalsOf(
  name: string,
  { principals }: PolicyRole,
  problems: PolicyProblem[],
): readonly PrincipalPattern[] {
  const complain = complainAbout({ where: `roles.${name}`, path: ["roles", name] }, problems);
  if (!/^[A-Za-z0-9_-]+$/.test(name)) {
    complain([], "has a name with other characters than letters, digits, _ and -");
  }
  return compilePrincipals(principals, { mayNameClients: false, complain });
}
