/** How Node calls the kinds of names, and how they are called here. */
const kinds: Readonly<Record<string, string>> = {
  DNS: "DNS",
  URI: "URI",
  email: "email",
  "IP Address": "IP",
};

/**
 * Reads the alternative names of a certificate as Node writes them, each with its kind. Node quotes a name that has a
 * comma in it; whatever cannot be read for sure makes the whole list count for nothing, because a certificate could be
 * made to say a name it was not given.
 */
export function parseAlternativeNames(text: string): readonly string[] {
  const names: string[] = [];
  let rest = text;
  while (rest !== "") {
    const entry = /^(?<kind>[A-Za-z ]+):(?<name>"(?:[^"\\]|\\.)*"|[^",]*)(?:, |$)/u.exec(rest);
    const { kind, name } = entry?.groups ?? {};
    if (entry === null || kind === undefined || name === undefined) return [];
    rest = rest.slice(entry[0].length);
    const known = kinds[kind];
    const value = name.startsWith('"') ? unquote(name) : name;
    if (value === undefined) return [];
    if (known !== undefined && value !== "") names.push(`${known}:${value}`);
  }
  return names;
}

function unquote(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "string" ? value : undefined;
  } catch {
    return undefined;
  }
}
