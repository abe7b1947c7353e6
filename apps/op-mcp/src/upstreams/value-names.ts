const valueName = "[A-Za-z_][A-Za-z0-9_-]*";

/** Where a value stands in a text, and what stands there where it is a variable that is not set. */
export const valuePlace: RegExp = new RegExp(
  String.raw`\$\{(?<name>${valueName})(?::-(?<fallback>[^}]*))?\}`,
  "gu",
);

/** Whether a value may be named so. */
export function isValueName(name: string): boolean {
  return new RegExp(`^${valueName}$`, "u").test(name);
}

/** The names of the values that a text wants. */
export function namesIn(text: string): readonly string[] {
  return [...text.matchAll(valuePlace)].flatMap(({ groups }) => groups?.["name"] ?? []);
}

/** Whether something has to be filled in before the text means what it says. */
export function hasValues(text: string, values: Readonly<Record<string, string>> = {}): boolean {
  return namesIn(text).some((name) => Object.hasOwn(values, name));
}
