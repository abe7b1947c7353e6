import { plainText } from "./output-text.ts";

/** Text of others, as a value of a result: without anything that does something, and no longer than is useful. */
export function cleanText(text: string, longest = 256): string {
  const plain = plainText(text.slice(0, longest + 1)).replaceAll(/\p{Cs}/gu, "\uFFFD");
  return plain.length > longest ? `${plain.slice(0, longest)}…` : plain;
}
