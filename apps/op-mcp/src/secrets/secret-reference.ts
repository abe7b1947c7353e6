import { SecretReferenceError } from "./secrets-error.ts";

/** Where a secret is. */
export type SecretReference =
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "env"; readonly name: string }
  | { readonly kind: "credential"; readonly name: string }
  | { readonly kind: "command"; readonly words: readonly [string, ...string[]] };

/** What a reference may look like, for configurations; empty means that there is none. */
export const secretReferencePattern = /^(?:|(?:file|env|credential|command):.+)$/u;

/** How references are written, for the descriptions of every key that takes one. */
export const secretReferenceSyntax =
  "`file:/absolute/path` (readable by its owner only), `env:NAME`, `credential:NAME` (given by systemd's LoadCredential) or `command:PROGRAM ARGUMENTS` (no shell; a JSON list where an argument has spaces)";

/** Reads a reference to a secret. Throws `ERR_SECRET_REFERENCE`, without repeating what may be the secret itself. */
export function parseSecretReference(text: string): SecretReference {
  const colon = text.indexOf(":");
  const kind = text.slice(0, Math.max(0, colon));
  const rest = text.slice(colon + 1);
  switch (kind) {
    case "file":
      if (!rest.startsWith("/") || rest.includes("\0"))
        throw new SecretReferenceError("the path after file: is not absolute");
      return { kind, path: rest };
    case "env":
      if (!/^[A-Za-z_][A-Za-z0-9_]*$/u.test(rest))
        throw new SecretReferenceError("what follows env: is not the name of a variable");
      return { kind, name: rest };
    case "credential":
      // A name with a slash would lead out of the directory of credentials.
      if (!/^(?!\.{1,2}$)[A-Za-z0-9._-]{1,255}$/u.test(rest))
        throw new SecretReferenceError("what follows credential: is not the name of one");
      return { kind, name: rest };
    case "command":
      return { kind, words: toWords(rest) };
    default:
      throw new SecretReferenceError("it begins with none of file:, env:, credential:, command:");
  }
}

function toWords(text: string): readonly [string, ...string[]] {
  const isList = text.trimStart().startsWith("[");
  const words = isList ? parseJsonWords(text) : text.split(" ").filter((word) => word !== "");
  const [program, ...args] = words;
  if (program === undefined || program === "" || text.includes("\0"))
    throw new SecretReferenceError("what follows command: names no program");
  return [program, ...args];
}

function parseJsonWords(text: string): readonly string[] {
  try {
    const value: unknown = JSON.parse(text);
    if (Array.isArray(value) && value.every((word) => typeof word === "string")) return value;
  } catch {
    // Told below, as any other list that is none.
  }
  throw new SecretReferenceError("what follows command: is not a JSON list of texts");
}
