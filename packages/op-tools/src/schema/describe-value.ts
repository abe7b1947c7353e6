const longestText = 60;

const secretName =
  /pass(?:word|wd|phrase)|secret|token|api[-_]?key|private[-_]?key|credential|authorization|cookie/i;

/** Whether what is kept under this name is likely a secret, which no message may repeat. */
export function isSecretName(name: string): boolean {
  return secretName.test(name);
}

/** Puts text between quotes on one line, and cuts it where it gets long. */
export function quote(text: string): string {
  if (text.length <= longestText) return JSON.stringify(text);
  const rest = text.length - longestText;
  return `${JSON.stringify(text.slice(0, longestText))}… (${rest} more characters)`;
}

/** Says what a JSON value is, briefly: containers by their size, everything else by value and type. */
export function describeValue(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === "string") return `${quote(value)} (string)`;
  if (typeof value === "number" || typeof value === "boolean") return `${value} (${typeof value})`;
  return typeof value === "object" ? "an object" : "nothing";
}
