import type { Policy, PolicyRequest } from "../policy/policy.ts";

/**
 * The scopes a token would need besides its own for a denied call to be more than denied: as few of those there are as
 * will do, and none where scopes would not help, or where whoever calls came without a token of an issuer.
 */
export function findMissingScopes(
  policy: Policy,
  request: PolicyRequest,
  scopes: readonly string[],
): readonly string[] {
  const { principal } = request;
  if (!principal.id.startsWith("oauth:")) return [];
  const isDenied = (more: readonly string[]): boolean => {
    const wider = { ...principal, scopes: [...principal.scopes, ...more] };
    return policy.decide({ ...request, principal: wider }).verdict === "deny";
  };
  const others = scopes.filter((scope) => !principal.scopes.includes(scope));
  const one = others.find((scope) => !isDenied([scope]));
  if (one !== undefined) return [one];
  if (others.length === 0 || isDenied(others)) return [];
  return others.reduce((needed, scope) => {
    const without = needed.filter((other) => other !== scope);
    return isDenied(without) ? needed : without;
  }, others);
}
