import type { Complain } from "../complain.ts";
import { parsePrincipalPattern, type PrincipalPattern } from "./principal-pattern.ts";

/** How patterns of callers are prepared. */
export interface CompilePrincipalsOptions {
  /** Whether what a client calls itself may count: only where that takes something away. */
  readonly mayNameClients: boolean;
  readonly complain: Complain;
}

/** Prepares patterns of callers; what is wrong with one is said, and it is left out. */
export function compilePrincipals(
  texts: readonly string[],
  { mayNameClients, complain }: CompilePrincipalsOptions,
): readonly PrincipalPattern[] {
  return texts.flatMap((text, index) => {
    const pattern = parsePrincipalPattern(text);
    const key = ["principals", index];
    if ("problem" in pattern) {
      complain(key, `names ${JSON.stringify(text)}, which ${pattern.problem}`);
      return [];
    }
    if (pattern.facet !== "client" || mayNameClients) return [pattern];
    const advice = "Only a rule that denies may name a client; name who calls instead.";
    complain(key, `rests on ${JSON.stringify(text)}, which any client may call itself`, advice);
    return [];
  });
}
