const longestPattern = 1000;

/** A group while it is read: what repeating it would multiply. */
interface Group {
  /** Something in it repeats without bound. */
  hasRepetition: boolean;
  /** The alternative being read has something that appears exactly once, which keeps two rounds of the group apart. */
  isAnchored: boolean;
  /** Every alternative before it has. */
  areAllAnchored: boolean;
}

const tokens =
  /(?:[*+?]|\{\d+(?:,\d*)?\})\??|\\(?:[pPu]\{[^}]*\}|[\s\S])|\[(?:\\[\s\S]|[^\]\\])*\]|\((?:\?(?:<?[=!]|:|<[^>]*>))?|[\s\S]/gu;

/**
 * Says what is wrong with a regular expression from a schema, or nothing. Besides what does not compile it refuses the
 * plainly catastrophic: a repeated group that holds nothing but repetitions, such as `(a+)+`, which takes a backtracking
 * engine exponential time on text that does not match.
 */
export function inspectPattern(pattern: string): string | undefined {
  if (pattern.length > longestPattern) {
    return `a pattern is longer than ${longestPattern} characters`;
  }
  try {
    RegExp(pattern, "u");
  } catch {
    return `the pattern ${JSON.stringify(pattern)} is no regular expression`;
  }
  return isCatastrophic(pattern)
    ? `the pattern ${JSON.stringify(pattern)} could take forever to match`
    : undefined;
}

function isCatastrophic(pattern: string): boolean {
  const parts = pattern.match(tokens) ?? [];
  const groups: Group[] = [newGroup()];
  for (const [index, part] of parts.entries()) {
    if (part.startsWith("(")) {
      groups.push(newGroup());
      continue;
    }
    const inner = part === ")" ? groups.pop() : undefined;
    const group = groups.at(-1);
    if (group === undefined) return false;
    if (part === "|") endAlternative(group);
    if (inner !== undefined) endAlternative(inner);
    if (inner === undefined && !isAtom(part)) continue;

    const repeats = repetitionOf(parts[index + 1]);
    const multiplies = inner?.hasRepetition === true;
    if (multiplies && repeats === "unbounded" && !inner.areAllAnchored) return true;
    if (multiplies || repeats === "unbounded") group.hasRepetition = true;
    if (repeats === "once" && inner?.areAllAnchored !== false) group.isAnchored = true;
  }
  return false;
}

function newGroup(): Group {
  return { hasRepetition: false, isAnchored: false, areAllAnchored: true };
}

function endAlternative(group: Group): void {
  group.areAllAnchored &&= group.isAnchored;
  group.isAnchored = false;
}

/** Alternatives, assertions and repetitions match no character of their own. */
function isAtom(part: string): boolean {
  return !/^(?:[|^$*+?{]|\\[bB]$)/u.test(part);
}

function repetitionOf(part: string | undefined): "once" | "bounded" | "unbounded" {
  if (part === undefined || !/^[*+?{]/u.test(part)) return "once";
  return /^(?:[*+]|\{\d+,\})/u.test(part) ? "unbounded" : "bounded";
}
