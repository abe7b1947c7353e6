import { createHash, type X509Certificate } from "node:crypto";
import type { ClientCertificate } from "../auth-request.ts";
import { parseAlternativeNames } from "./alternative-names.ts";

const subjectKinds = new Set(["CN", "O", "OU"]);

/** Everything a client's certificate says that can be asked for. */
export function readCertificate(
  certificate: X509Certificate,
  isVerified: boolean,
): ClientCertificate {
  const { subject, subjectAltName = "", raw, validTo } = certificate;
  const digest = createHash("sha256").update(raw).digest();
  return {
    isVerified,
    names: [
      ...readSubject(subject),
      ...parseAlternativeNames(subjectAltName),
      `SHA256:${digest
        .toString("hex")
        .toUpperCase()
        .replaceAll(/..(?=.)/gu, "$&:")}`,
    ],
    thumbprint: digest.toString("base64url"),
    expiresAtMs: Date.parse(validTo),
  };
}

/** One part a line; a line end inside of a value is escaped by Node. */
function readSubject(subject: string | undefined): readonly string[] {
  return (subject ?? "").split("\n").flatMap((line) => {
    const equals = line.indexOf("=");
    const kind = line.slice(0, Math.max(0, equals));
    return subjectKinds.has(kind) ? [`${kind}:${line.slice(equals + 1)}`] : [];
  });
}
