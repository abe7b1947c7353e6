import type { Clock } from "op-core";
import { compileGlob, type Glob } from "../../policy/matching/glob.ts";
import type { CertificateConfig } from "../auth-config.ts";
import { refuse } from "../auth-result.ts";
import type { ConnectionMethod } from "../authenticator.ts";

interface Mapping {
  readonly patterns: readonly Glob[];
  readonly principal: string;
  readonly scopes: readonly string[];
}

/** Lets in who has a certificate that TLS verified and the configuration maps. One that is not mapped lets nobody in. */
export function certificateMethod(
  config: readonly CertificateConfig[],
  clock: Clock,
): ConnectionMethod {
  const mappings: readonly Mapping[] = config.map(({ match, principal, scopes }) => ({
    patterns: match.map(compileGlob),
    principal,
    scopes,
  }));
  return {
    name: "client-certificate",
    identify: (peer) => {
      const certificate = peer.kind === "tcp" ? peer.certificate : undefined;
      if (certificate === undefined) return undefined;
      const { isVerified, names, expiresAtMs } = certificate;
      if (!isVerified)
        return refuse("invalid", "The client certificate is from no known authority.");
      // A connection may outlive its certificate.
      if (clock.now() >= expiresAtMs)
        return refuse("expired", "The client certificate has expired.");
      for (const mapping of mappings) {
        const id = identityBy(mapping, names);
        if (id === undefined) continue;
        const principal = { id, scopes: mapping.scopes };
        return { kind: "authenticated", principal, method: "client-certificate", expiresAtMs };
      }
      return refuse("not-mapped", "The client certificate belongs to nobody this server knows.");
    },
  };
}

/** Who it is by this mapping, where every pattern fits one of the names. */
function identityBy(
  { patterns, principal }: Mapping,
  names: readonly string[],
): string | undefined {
  const fitting = patterns.map((pattern) => names.find((name) => pattern.matches(name)));
  if (!fitting.every((name) => name !== undefined)) return undefined;
  const [first] = fitting;
  return principal === "" ? `cert:${first}` : principal;
}
