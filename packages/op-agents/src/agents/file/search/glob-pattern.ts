/**
 * The regular expression of a glob: `*` and `?` stay within a name, `**` crosses folders, `[a-z]` and `{a,b}` choose.
 * Undefined where it is none.
 */
export function globPattern(glob: string): RegExp | undefined {
  let source = "";
  let depth = 0;
  for (let at = 0; at < glob.length; at += 1) {
    const rest = glob.slice(at);
    const [whole, text] = readPart(rest, depth > 0);
    if (text === "(?:") depth += 1;
    if (text === ")") depth -= 1;
    source += text;
    at += whole.length - 1;
  }
  try {
    return new RegExp(`^${source}$`, "u");
  } catch {
    return undefined;
  }
}

/** What comes first in a glob, and what it is in a regular expression. */
function readPart(rest: string, isChoice: boolean): readonly [string, string] {
  if (rest.startsWith("**/")) return ["**/", "(?:.*/)?"];
  if (rest.startsWith("**")) return ["**", ".*"];
  if (rest.startsWith("*")) return ["*", "[^/]*"];
  if (rest.startsWith("?")) return ["?", "[^/]"];
  if (rest.startsWith("{")) return ["{", "(?:"];
  if (isChoice && rest.startsWith("}")) return ["}", ")"];
  if (isChoice && rest.startsWith(",")) return [",", "|"];
  const set = /^\[([!^]?)(\]?[^\]/]+)\]/u.exec(rest);
  if (set !== null) {
    const [whole, not = "", members = ""] = set;
    return [whole, `[${not === "" ? "" : "^/"}${members.replaceAll(/[\\[\]^&|~]/gu, "\\$&")}]`];
  }
  const escaped = /^\\(.)/su.exec(rest);
  if (escaped !== null) return [escaped[0], RegExp.escape(escaped[1] ?? "")];
  const [first = ""] = rest;
  return [first, RegExp.escape(first)];
}

/** Whether a glob takes a path: one without a slash is about the name alone. */
export function globMatcher(glob: string): ((path: string, name: string) => boolean) | undefined {
  const pattern = globPattern(glob.replace(/^\.?\//u, ""));
  if (pattern === undefined) return undefined;
  const isOfName = !glob.includes("/");
  return (path, name) => pattern.test(isOfName ? name : path);
}
