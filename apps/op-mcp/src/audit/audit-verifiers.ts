import { openAuditKey, parseVerifier } from "op-audit";
import { auditKeyName, type AuditPlaces } from "./audit-places.ts";

/**
 * The keys to verify with: those that are named, or else the machine's own. Whoever only verifies should have it from
 * elsewhere, since the machine's own vouches for itself.
 */
export async function findVerifiers(
  { keyPath }: AuditPlaces,
  named: readonly string[],
): Promise<readonly string[]> {
  for (const text of named) parseVerifier(text);
  if (named.length > 0) return named;
  const key = await openAuditKey({ path: keyPath, name: auditKeyName(), isCreated: false });
  return [key.verifier];
}
