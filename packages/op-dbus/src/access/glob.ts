/** Tells whether a text fits. */
export type Glob = (text: string) => boolean;

/**
 * Makes a test for texts in which `*` stands for any number of characters and `?` for one. It never goes back to an
 * earlier `*`, so no pattern can make it slow.
 */
export function createGlob(pattern: string): Glob {
  const parts = pattern.split("*");
  const [first = "", ...rest] = parts;
  const last = rest.pop();
  if (last === undefined) return (text) => text.length === first.length && fits(text, 0, first);
  return (text) => {
    const end = text.length - last.length;
    if (!fits(text, 0, first) || end < first.length || !fits(text, end, last)) return false;
    let position = first.length;
    for (const part of rest) {
      const found = find(text, position, part);
      if (found === -1) return false;
      position = found + part.length;
    }
    return position <= end;
  };
}

function find(text: string, from: number, part: string): number {
  if (!part.includes("?")) return text.indexOf(part, from);
  for (let at = from; at + part.length <= text.length; at += 1) if (fits(text, at, part)) return at;
  return -1;
}

function fits(text: string, at: number, part: string): boolean {
  if (!part.includes("?")) return text.startsWith(part, at);
  if (at + part.length > text.length) return false;
  for (let index = 0; index < part.length; index += 1) {
    const wanted = part[index];
    if (wanted !== "?" && wanted !== text[at + index]) return false;
  }
  return true;
}
