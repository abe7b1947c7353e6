import { ownUid } from "./matching/principal-pattern.ts";
import type { PolicyConfig, PolicyRole } from "./policy-config.ts";

/** The policy with `unix:uid=self` replaced by the user that op-mcp runs as. */
export function withOwnUid(config: PolicyConfig, uid: number): PolicyConfig {
  const replace = (principals: readonly string[]): string[] =>
    principals.map((principal) => (principal === ownUid ? `unix:uid=${uid}` : principal));
  const inRole = (role: PolicyRole): PolicyRole => ({
    ...role,
    principals: replace(role.principals),
  });
  const { reader, operator, admin, ...others } = config.roles;
  return {
    ...config,
    roles: {
      reader: inRole(reader),
      operator: inRole(operator),
      admin: inRole(admin),
      ...Object.fromEntries(Object.entries(others).map(([name, role]) => [name, inRole(role)])),
    },
    rules: config.rules.map((rule) => ({ ...rule, principals: replace(rule.principals) })),
    limits: {
      ...config.limits,
      overrides: config.limits.overrides.map((override) => ({
        ...override,
        principals: replace(override.principals),
      })),
    },
  };
}
