import type { Principal } from "op-tools";
import { compileGlob, type Glob } from "./glob.ts";

/** Which fact of a caller a pattern looks at. */
export type PrincipalFacet = "anyone" | "id" | "scope" | "group" | "client";

/** A pattern of callers. */
export interface PrincipalPattern {
  readonly facet: PrincipalFacet;
  /** What the facet's text must be like. */
  readonly glob: Glob;
  readonly text: string;
}

/** The id of a caller of whom nothing is known. */
const anonymousId = "anonymous";

const groupPrefix = "unix:gid=";
const scopePrefix = "oauth:scope=";
const clientPrefix = "client:";

/** The kinds of identities; a pattern of another kind is a slip of the pen that would never fit. */
const idPrefixes = ["unix:uid=", "oauth:sub=", "oauth:client=", "key:", "cert:"];

/** What a pattern may be, for messages. */
const kinds: readonly string[] = [
  "*",
  anonymousId,
  ...[...idPrefixes, groupPrefix, scopePrefix].map((prefix) => `${prefix}…`),
  `nor ${clientPrefix}…`,
];

/** Stands for the user that op-mcp runs as, until a policy is loaded. */
export const ownUid = "unix:uid=self";

/** Whether somebody vouches for the id. */
export function isAuthenticated({ id }: Pick<Principal, "id">): boolean {
  return id !== "" && id !== anonymousId && !id.startsWith(`${anonymousId}:`);
}

/** Reads a pattern of callers; says what is wrong with it where something is. */
export function parsePrincipalPattern(text: string): PrincipalPattern | { problem: string } {
  const of = (facet: PrincipalFacet, pattern: string): PrincipalPattern => ({
    facet,
    glob: compileGlob(pattern),
    text,
  });
  if (/^\*+$/.test(text)) return of("anyone", "*");
  if (text === ownUid) return { problem: "stands for nobody yet; load the policy with a uid" };
  if (text.startsWith(groupPrefix)) {
    const group = text.slice(groupPrefix.length);
    if (/^\d{1,10}$/.test(group)) return of("group", String(Number(group)));
    return { problem: "must end in the number of a group" };
  }
  if (begins(text, scopePrefix)) return of("scope", text.slice(scopePrefix.length));
  if (begins(text, clientPrefix)) return of("client", text.slice(clientPrefix.length));
  const isKnown = idPrefixes.some((prefix) => begins(text, prefix)) || text === anonymousId;
  return isKnown ? of("id", text) : { problem: `is neither ${kinds.join(", ")}` };
}

/** What is only a prefix says of nobody who is meant. */
function begins(text: string, prefix: string): boolean {
  return text.startsWith(prefix) && text.length > prefix.length;
}

type Looks = (glob: Glob, principal: Principal, client: string | undefined) => boolean;

const looks: Readonly<Record<PrincipalFacet, Looks>> = {
  anyone: () => true,
  id: (glob, { id }) => glob.matches(id),
  scope: (glob, { scopes }) => scopes.some((scope) => glob.matches(scope)),
  group: (glob, { groups = [] }) => groups.some((group) => glob.matches(String(group))),
  client: (glob, _principal, client) => client !== undefined && glob.matches(client),
};

/** Whether a caller fits the pattern. `*` fits everybody; what a client is called counts only where it is known. */
export function matchesPrincipal(
  { facet, glob }: PrincipalPattern,
  principal: Principal,
  client: string | undefined,
): boolean {
  return looks[facet](glob, principal, client);
}
