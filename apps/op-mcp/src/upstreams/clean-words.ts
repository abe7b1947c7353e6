import { redactText } from "op-audit/redaction";

/** Shorter texts are in too many words to be taken out of them. */
const shortest = 4;

/** Makes what takes secrets out of a line that a server wrote: those it was given, and those known by their form. */
export function createWordCleaner(secrets: readonly string[]): (line: string) => string {
  const parts = secrets.flatMap((secret) => secret.split(/\r?\n/u));
  const known = parts
    .filter((part) => part.length >= shortest)
    .toSorted((one, other) => other.length - one.length);
  return (line) =>
    redactText(known.reduce((text, secret) => text.replaceAll(secret, "[redacted]"), line));
}
