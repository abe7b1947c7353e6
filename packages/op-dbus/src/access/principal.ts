/** Who asks for an operation. */
export interface Caller {
  /** Who it is known to be: `unix:uid=1000`, `oauth:sub=ada`, `key:abc`. */
  readonly id: string;
  /** What its token grants. */
  readonly scopes: readonly string[];
  /** The groups of its user. */
  readonly groups?: readonly number[];
  /** The name its program gives itself. Nobody checks it. */
  readonly client?: string;
}

/** Whether a pattern means a caller. */
export function isMeant(pattern: string, caller: Caller): boolean {
  if (pattern === "*" || pattern === caller.id) return true;
  const { scopes, groups = [], client } = caller;
  const value = pattern.slice(pattern.indexOf(pattern.startsWith("client:") ? ":" : "=") + 1);
  if (pattern.startsWith("oauth:scope=")) return scopes.includes(value);
  if (pattern.startsWith("unix:gid=")) return groups.some((group) => String(group) === value);
  return pattern.startsWith("client:") && client === value;
}

/** Whether a pattern rests on nothing but what a program calls itself. */
export function isLabelOnly(pattern: string): boolean {
  return pattern.startsWith("client:");
}

/** Whether a pattern can mean anybody. */
export function isPrincipalPattern(pattern: string): boolean {
  return (
    pattern === "*" ||
    /^unix:[ug]id=\d{1,10}$/.test(pattern) ||
    /^oauth:(?:sub|scope)=\S+$/.test(pattern) ||
    /^(?!unix:|oauth:)[a-z][a-z0-9-]*:.+$/s.test(pattern)
  );
}
