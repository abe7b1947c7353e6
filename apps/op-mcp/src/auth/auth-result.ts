import type { Principal } from "op-tools";

/** How somebody proved who they are, or tried to. */
export type AuthMethodName =
  | "local-token"
  | "api-key"
  | "oauth"
  | "client-certificate"
  | "unix-socket"
  | "anonymous"
  | "none";

interface RefusalRule {
  readonly status: 400 | 401 | 403 | 429 | 503;
  /** The error of RFC 6750 that clients act on; none where nothing was presented that could be wrong. */
  readonly error?: "invalid_request" | "invalid_token" | "insufficient_scope";
  /** Whether many of them look like somebody who tries things out. */
  readonly isSuspicious: boolean;
}

const invalidToken = { status: 401, error: "invalid_token" } as const;

/** What each refusal means to HTTP, to OAuth clients and to whoever counts attempts. */
export const refusalRules = {
  malformed: { status: 400, error: "invalid_request", isSuspicious: true },
  "token-in-url": { status: 400, error: "invalid_request", isSuspicious: false },
  "no-credential": { status: 401, isSuspicious: false },
  "unsupported-scheme": { status: 401, isSuspicious: false },
  invalid: { ...invalidToken, isSuspicious: true },
  "wrong-issuer": { ...invalidToken, isSuspicious: true },
  "wrong-audience": { ...invalidToken, isSuspicious: true },
  "wrong-type": { ...invalidToken, isSuspicious: true },
  revoked: { ...invalidToken, isSuspicious: true },
  // Every client's token expires, and most notice it only by this answer.
  expired: { ...invalidToken, isSuspicious: false },
  "not-yet-valid": { ...invalidToken, isSuspicious: false },
  "insufficient-scope": { status: 403, error: "insufficient_scope", isSuspicious: false },
  "not-mapped": { status: 403, isSuspicious: false },
  "too-many-attempts": { status: 429, isSuspicious: false },
  unavailable: { status: 503, isSuspicious: false },
} as const satisfies Readonly<Record<string, RefusalRule>>;

/** Why somebody was not let in. */
export type AuthRefusalCode = keyof typeof refusalRules;

/** What a method found out that speaks against a credential. */
export interface Refusal {
  readonly code: AuthRefusalCode;
  /** A sentence the client may read: it helps whoever holds the credential, and nobody who guesses. */
  readonly reason: string;
  /** More, for the audit log alone. Never the credential. */
  readonly detail?: string;
  readonly retryAfterMs?: number;
  /** The scopes that would have been needed. */
  readonly neededScopes?: readonly string[];
}

/** Somebody who is known. */
export interface Authenticated {
  readonly kind: "authenticated";
  readonly principal: Principal;
  readonly method: AuthMethodName;
  /** When this ends although the connection may go on. */
  readonly expiresAtMs?: number;
}

/** Somebody who is not let in, and what HTTP answers. */
export interface AuthRefused {
  readonly kind: "refused";
  readonly status: (typeof refusalRules)[AuthRefusalCode]["status"];
  readonly code: AuthRefusalCode;
  readonly method: AuthMethodName;
  readonly reason: string;
  readonly wwwAuthenticate?: string;
  readonly retryAfterMs?: number;
}

/** Whether somebody is let in, and as whom. */
export type AuthResult = Authenticated | AuthRefused;

/** What one method makes of a credential. */
export type MethodResult = Authenticated | ({ readonly kind: "refused" } & Refusal);

/** The refusal as the result of a method. */
export function refuse(
  code: AuthRefusalCode,
  reason: string,
  more: Omit<Refusal, "code" | "reason"> = {},
): MethodResult & { readonly kind: "refused" } {
  return { kind: "refused", code, reason, ...more };
}
