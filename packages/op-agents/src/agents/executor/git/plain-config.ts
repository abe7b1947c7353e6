/** A setting of git: its whole name and its value. */
export type Setting = readonly [name: string, value: string];

const word = /^[\w.-]*$/u;
const line = /^[^\p{Cc}]*$/u;

/** Settings of a repository that say what it is, and whose values can't make git run anything. */
const kept: readonly (readonly [name: RegExp, value: RegExp])[] = [
  [/^core\.(?:repositoryformatversion|filemode|ignorecase|symlinks|precomposeunicode)$/u, word],
  [/^core\.(?:autocrlf|eol|safecrlf|quotepath|abbrev|logallrefupdates)$/u, word],
  [/^extensions\.(?:objectformat|refstorage)$/u, word],
  [/^user\.(?:name|email)$/u, line],
  [/^init\.defaultbranch$/u, word],
  [/^branch\..*\.(?:remote|merge)$/u, line],
  [/^remote\..*\.(?:url|fetch)$/u, line],
];

/** What holds in every repository, whatever it says itself. */
const ours: readonly Setting[] = [
  ["core.bare", "false"],
  ["core.fsmonitor", "false"],
  ["core.hookspath", "/dev/null"],
  ["core.attributesfile", "/dev/null"],
  ["core.excludesfile", "/dev/null"],
  ["core.untrackedcache", "false"],
  // Threads count as processes, of which git may have one.
  ["core.preloadindex", "false"],
  ["index.threads", "1"],
  ["pack.threads", "1"],
  ["grep.threads", "1"],
  ["checkout.workers", "1"],
  ["gc.auto", "0"],
  ["maintenance.auto", "false"],
  ["diff.ignoresubmodules", "all"],
  ["submodule.recurse", "false"],
  ["protocol.allow", "never"],
  ["commit.gpgsign", "false"],
  ["tag.gpgsign", "false"],
  ["log.showsignature", "false"],
];

/** Reads what `git config --list -z` prints. */
export function parseSettings(text: string): readonly Setting[] {
  return text
    .split("\0")
    .filter((each) => each !== "")
    .map((each): Setting => {
      const at = each.indexOf("\n");
      // A name alone stands for true.
      return at === -1 ? [each, "true"] : [each.slice(0, at), each.slice(at + 1)];
    });
}

/** A configuration with nothing that makes git run a program or look elsewhere: what is not known is left out. */
export function plainConfig(settings: readonly Setting[]): string {
  const own = settings.filter(([name, value]) =>
    kept.some(([known, plain]) => known.test(name) && plain.test(value)),
  );
  return [...own, ...ours].map(([name, value]) => toText(name, hidePassword(value))).join("");
}

/** Addresses may have a name and a password. */
function hidePassword(value: string): string {
  return value.replace(/^([a-z+]+:\/\/)[^/@]*@/u, "$1");
}

function toText(name: string, value: string): string {
  const [section = "", ...rest] = name.split(".");
  const key = rest.pop() ?? "";
  const sub = rest.length === 0 ? "" : ` ${quoted(rest.join("."))}`;
  return `[${section}${sub}]\n\t${key} = ${quoted(value)}\n`;
}

function quoted(text: string): string {
  return `"${text.replaceAll(/[\\"]/gu, "\\$&")}"`;
}
