import { refusalRules, type AuthRefused, type Refusal } from "./auth-result.ts";

/** What challenges tell clients. */
export interface ChallengesOptions {
  /** Where the metadata of RFC 9728 is, where there is an authorization server. */
  readonly resourceMetadataUrl?: string;
  /** The scopes a client should ask for at first. */
  readonly scopes: readonly string[];
}

/** Writes the `WWW-Authenticate` header, by which clients learn where and for what to get a token. */
export class Challenges {
  readonly #options: ChallengesOptions;

  constructor(options: ChallengesOptions) {
    this.#options = options;
  }

  /** The header for a refusal; none where another credential would not help. */
  forRefusal({ code, reason, neededScopes }: Refusal): string | undefined {
    const rule: { readonly status: number; readonly error?: string } = refusalRules[code];
    const { error } = rule;
    if (rule.status !== 401 && error === undefined) return undefined;
    const { resourceMetadataUrl, scopes } = this.#options;
    const parameters: readonly (readonly [string, string | undefined])[] = [
      ["realm", "op-mcp"],
      ["error", error],
      ["error_description", error === undefined ? undefined : reason],
      ["scope", toScope(neededScopes ?? scopes)],
      ["resource_metadata", resourceMetadataUrl],
    ];
    const written = parameters.flatMap(([name, value]) =>
      value === undefined ? [] : [`${name}="${toQuotedText(value)}"`],
    );
    return `Bearer ${written.join(", ")}`;
  }

  /** The answer to a known caller whose token does not reach far enough: the client asks for these scopes and returns. */
  insufficientScope(neededScopes: readonly string[]): AuthRefused {
    const reason = `This needs a token with the scope ${neededScopes.join(" ")}.`;
    const wwwAuthenticate = this.forRefusal({ code: "insufficient-scope", reason, neededScopes });
    return {
      kind: "refused",
      status: 403,
      code: "insufficient-scope",
      method: "oauth",
      reason,
      ...(wwwAuthenticate === undefined ? {} : { wwwAuthenticate }),
    };
  }
}

/** What RFC 6749 lets a scope consist of; anything else would end the header's value. */
const scopePattern = /^[\x21\x23-\x5B\x5D-\x7E]+$/u;

/** Whether the text is one scope. */
export function isScope(text: string): boolean {
  return scopePattern.test(text);
}

function toScope(scopes: readonly string[]): string | undefined {
  const valid = scopes.filter(isScope);
  return valid.length === 0 ? undefined : valid.join(" ");
}

/** RFC 6750 knows no escapes in these texts. */
function toQuotedText(text: string): string {
  return text.replaceAll(/[^\x20-\x7E]|["\\]/gu, "'");
}
