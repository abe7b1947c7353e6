/** A pattern of text, in which `*` stands for any number of characters. */
export interface Glob {
  readonly pattern: string;
  /** Whether it is text without a star, so that only this text fits. */
  readonly isExact: boolean;
  /** Whether everything fits. */
  readonly isAny: boolean;
  matches(text: string): boolean;
}

/**
 * Prepares a pattern. Each part between stars is looked for once, from where the one before it ended, so that no text
 * makes a pattern slow: nothing is ever tried again.
 */
export function compileGlob(pattern: string): Glob {
  const isAny = /^\*+$/.test(pattern);
  const parts = pattern.split("*");
  const last = parts.pop() ?? "";
  const [first, ...middle] = parts;
  if (isAny) return { pattern, isExact: false, isAny, matches: () => true };
  if (first === undefined) {
    return { pattern, isExact: true, isAny, matches: (text) => text === pattern };
  }
  const between = middle.filter((part) => part !== "");
  const matches = (text: string): boolean => {
    if (text.length < first.length + last.length) return false;
    if (!text.startsWith(first) || !text.endsWith(last)) return false;
    const end = text.length - last.length;
    let position = first.length;
    for (const part of between) {
      const found = text.indexOf(part, position);
      if (found === -1) return false;
      position = found + part.length;
    }
    return position <= end;
  };
  return { pattern, isExact: false, isAny, matches };
}
