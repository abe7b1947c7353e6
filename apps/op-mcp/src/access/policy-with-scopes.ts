import { AuthConfigError } from "../auth/auth-error.ts";
import type { PolicyConfig } from "../policy/policy-config.ts";

/** Roles of the policy by the scope of a token that gives them, as `auth.oauth.scopeRoles` says. */
export type ScopeRoles = Readonly<Record<string, string>>;

/** The policy in which whoever's token has a scope has its role, too. A role it does not have gives nobody anything. */
export function policyWithScopes(policy: PolicyConfig, scopeRoles: ScopeRoles): PolicyConfig {
  const granted = Object.entries(scopeRoles);
  if (granted.length === 0) return policy;
  const roles = { ...policy.roles };
  for (const [scope, name] of granted) {
    const role = Object.hasOwn(roles, name) ? roles[name] : undefined;
    if (role === undefined) continue;
    roles[name] = { ...role, principals: [...role.principals, `oauth:scope=${scope}`] };
  }
  return { ...policy, roles };
}

/** Throws `ERR_AUTH_CONFIG` where a scope gives a role that the policy does not have. */
export function requireRoles({ roles }: PolicyConfig, scopeRoles: ScopeRoles): void {
  const missing = Object.values(scopeRoles).find((name) => !Object.hasOwn(roles, name));
  if (missing === undefined) return;
  throw new AuthConfigError(
    "auth.oauth.scopeRoles",
    `gives the role ${JSON.stringify(missing)}, which the policy does not have`,
    `Add policy.roles.${missing}, or name another role.`,
  );
}
