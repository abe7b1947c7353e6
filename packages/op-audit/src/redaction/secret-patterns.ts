/** A shape of text that gives a secret away. */
export interface SecretPattern {
  readonly name: string;
  /** What is replaced; with a group named `keep`, that part of it stays. */
  readonly pattern: RegExp;
}

/**
 * Shapes of secrets that are known by their form alone. All are linear in the text: quantifiers are bounded or followed
 * by a character they cannot match.
 */
export const secretPatterns: readonly SecretPattern[] = [
  {
    name: "pem",
    pattern: /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY-----[^-]*(?:-----END [A-Z0-9 ]{0,40}-----)?/g,
  },
  {
    name: "url-password",
    pattern: /(?<keep>\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s:@/?#]{0,256}:)[^\s@/?#]{1,512}(?=@)/gi,
  },
  {
    name: "bearer",
    pattern: /(?<keep>\b(?:bearer|basic|token|digest)\s{1,4})[A-Za-z0-9\-._~+/]{8,}={0,2}/gi,
  },
  { name: "jwt", pattern: /\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{4,}\.[A-Za-z0-9_-]*/g },
  { name: "github", pattern: /\b(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,})/g },
  { name: "gitlab", pattern: /\bgl(?:pat|dt|rt|ptt|cbt|soat)-[A-Za-z0-9_-]{16,}/g },
  { name: "slack", pattern: /\bxox[abeoprs]-[A-Za-z0-9-]{10,}/g },
  { name: "aws", pattern: /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g },
  { name: "google", pattern: /\b(?:AIza[A-Za-z0-9_-]{30,}|ya29\.[A-Za-z0-9_-]{20,})/g },
  {
    name: "api-key",
    pattern: /\b(?:sk|pk|rk)[-_](?:live|test|ant|proj|or)?[-_]?[A-Za-z0-9_-]{16,}/g,
  },
  { name: "npm", pattern: /\bnpm_[A-Za-z0-9]{30,}/g },
  {
    name: "assignment",
    pattern:
      /(?<keep>(?:pass(?:word|wd|phrase)?|secret|token|api[-_]?key|access[-_]?key|private[-_]?key|credentials?)["']?\s{0,4}[=:]\s{0,4}["']?)[^\s"',;&]{1,4096}/gi,
  },
];

/** Nothing is a secret by its form unless it has one of these in it, which is quick to see. */
export const secretHint =
  /-----BEGIN|:\/\/|eyJ|gh[pousr]_|github_pat_|gl[a-z]{2,4}-|xox|AKIA|ASIA|AIza|ya29|[spr]k[-_]|npm_|bearer|basic|token|digest|pass|secret|key|credential/i;

/** Names of fields whose value is a secret, compared without case, dashes and underscores. */
const secretNames =
  /^(?:.*(?:password|passwd|passphrase|secret|apikey|privatekey|accesskey|authtoken|accesstoken|refreshtoken|idtoken|sessiontoken|bearertoken|credentials?|clientassertion)|pass|pwd|pin|psk|otp|token|auth|authorization|proxyauthorization|cookie|setcookie|session(?:cookie|key)|signature|xapikey|xauthtoken)$/;

/** Whether a field of this name holds a secret. */
export function isSecretName(name: string): boolean {
  const known = names.get(name);
  if (known !== undefined) return known;
  const isSecret = secretNames.test(name.replaceAll(/[-_\s.]/g, "").toLowerCase());
  if (names.size < mostNames) names.set(name, isSecret);
  return isSecret;
}

/** The same few names come with every call. The bound keeps a caller from filling the memory with others. */
const names = new Map<string, boolean>();
const mostNames = 4096;
