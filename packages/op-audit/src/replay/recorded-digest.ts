import { plainDigest, type Digest } from "../redaction/digest.ts";

/**
 * Digests a text as a recorded digest was made, so that the two can be compared; nothing, if that takes a key which is
 * not at hand.
 */
export function digestLike(
  recorded: string | undefined,
  text: string,
  digest: Digest | undefined,
): string | undefined {
  if (recorded?.startsWith("sha256:") === true) return plainDigest(text);
  if (recorded === undefined || digest === undefined) return undefined;
  const made = digest(text);
  return keyOf(made) === keyOf(recorded) ? made : undefined;
}

/** The kind of the digest and the name of its key. */
function keyOf(digest: string): string {
  return digest.slice(0, digest.lastIndexOf(":"));
}
