import { globPattern } from "./glob-pattern.ts";

/** A line of a `.gitignore`. */
interface IgnoreRule {
  readonly pattern: RegExp;
  readonly isAgain: boolean;
  readonly isForFolders: boolean;
}

/** The rules of a `.gitignore`, about paths from its own folder. */
function parseIgnoreRules(text: string): readonly IgnoreRule[] {
  return text.split(/\r?\n/u).flatMap(parseRule);
}

function parseRule(line: string): IgnoreRule[] {
  // Spaces at the end count only where a backslash stands before them.
  const plain = line.replace(/(?<!\\)\s+$/u, "");
  if (plain === "" || plain.startsWith("#")) return [];
  const isAgain = plain.startsWith("!");
  const glob = isAgain ? plain.slice(1) : plain;
  const isForFolders = glob.endsWith("/");
  const body = isForFolders ? glob.slice(0, -1) : glob;
  // A slash at the beginning or in the middle ties a rule to its folder.
  const tied = body.includes("/") ? body.replace(/^\//u, "") : `**/${body}`;
  const pattern = globPattern(tied.replaceAll("{", "\\{"));
  return pattern === undefined ? [] : [{ pattern, isAgain, isForFolders }];
}

/** The rules of all folders on the way. */
export interface IgnoreRules {
  /** Adds the rules of a folder, by its path from the one that is searched; empty for itself, with `..` above it. */
  add(folder: string, text: string): void;
  /** Whether git would not keep this; folders above it are asked about before. */
  isIgnored(path: string, isFolder: boolean): boolean;
}

/** Makes a set of rules; `above` is the path to the searched folder from the outermost one that has rules. */
export function createIgnoreRules(above: string): IgnoreRules {
  const folders: { readonly base: string; readonly rules: readonly IgnoreRule[] }[] = [];
  const full = (path: string) => [above, path].filter((part) => part !== "").join("/");
  return {
    add: (folder, text) => folders.push({ base: folder, rules: parseIgnoreRules(text) }),
    isIgnored: (path, isFolder) => {
      const whole = full(path);
      // Later rules, and those of inner folders, decide.
      for (const { base, rules } of folders.toReversed()) {
        if (base !== "" && !whole.startsWith(`${base}/`)) continue;
        const own = base === "" ? whole : whole.slice(base.length + 1);
        const rule = rules.findLast(
          ({ pattern, isForFolders }) => (isFolder || !isForFolders) && pattern.test(own),
        );
        if (rule !== undefined) return !rule.isAgain;
      }
      return false;
    },
  };
}
