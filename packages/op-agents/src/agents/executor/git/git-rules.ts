import { commandRule, type CommandRule, type RuleText } from "../command-rule.ts";

/** A command of git. */
export interface GitRule {
  readonly rule: CommandRule;
  /** Whether it changes the repository, or files. */
  readonly isChange: boolean;
  /** Options of which there has to be one. */
  readonly needed: readonly string[];
  /** Options that ask for something else, to which nothing is added. */
  readonly alone: readonly string[];
}

interface GitRuleText extends RuleText {
  readonly needed?: readonly string[];
  readonly alone?: readonly string[];
}

const count = /^\d{1,6}$/u;
/** No value begins with a dash: git takes some values for options where others would not. */
const word = /^(?!-)[^]+$/u;
/** %G would ask a program about signatures. */
const format = /^(?!-)(?!.*%G)[^]+$/u;
const date = /^(?!-)[\w :+@.,/-]+$/u;

const diffFlags =
  "--patch --no-patch --stat --shortstat --numstat --name-only --name-status --summary --raw --word-diff " +
  "--ignore-all-space --ignore-space-change --ignore-blank-lines --function-context --find-renames --no-renames " +
  "--full-index --text --minimal --histogram --patience --exit-code --quiet";
const diffLetters = "pswbWMCRa";
const diffValues = {
  "-U": count,
  "--unified": count,
  "--diff-filter": /^[A-Za-z*]+$/u,
  "-S": word,
  "-G": word,
};

const logFlags =
  "--oneline --graph --all --branches --tags --remotes --decorate --no-decorate --merges --no-merges --first-parent " +
  "--reverse --follow --abbrev-commit --no-abbrev-commit --date-order --topo-order --regexp-ignore-case --parents --left-right --cherry-pick";
const logValues = {
  "-n": count,
  "--max-count": count,
  "--skip": count,
  "--since": date,
  "--after": date,
  "--until": date,
  "--before": date,
  "--author": word,
  "--committer": word,
  "--grep": word,
  "--format": format,
  "--pretty": format,
  "--date": /^[a-z0-9-]+(?::(?!-)[^]*)?$/u,
  "-L": /^\d{1,7},\+?\d{1,7}:(?!-)[^]+$/u,
};

/** What would run a program or look into another repository, were it configured. */
const plainDiff = ["--no-ext-diff", "--no-textconv", "--ignore-submodules=all", "--no-color"];

const reading: Readonly<Record<string, GitRuleText>> = {
  status: {
    letters: "sbvu",
    flags:
      "--short --branch --long --porcelain --porcelain=v1 --porcelain=v2 --show-stash --untracked-files=no --untracked-files=all --untracked-files=normal -uno -uall -unormal --ahead-behind --no-renames",
    operands: "words",
    always: ["--ignore-submodules=all"],
  },
  diff: {
    letters: diffLetters,
    flags: `${diffFlags} --cached --staged --merge-base`,
    values: diffValues,
    operands: "words",
    always: plainDiff,
  },
  log: {
    letters: `${diffLetters}i`,
    flags: `${diffFlags} ${logFlags}`,
    values: { ...diffValues, ...logValues },
    operands: "words",
    always: [...plainDiff, "--no-show-signature"],
    hasDashNumber: true,
  },
  show: {
    letters: diffLetters,
    flags: `${diffFlags} ${logFlags}`,
    values: { ...diffValues, ...logValues },
    operands: "words",
    always: [...plainDiff, "--no-show-signature"],
  },
  blame: {
    letters: "lesw",
    flags: "--date=iso --porcelain --line-porcelain --show-email",
    values: { "-L": /^\d{1,7}(?:,\+?\d{1,7})?$/u },
    operands: "words",
    always: ["--no-textconv"],
  },
  grep: {
    letters: "nilLcwvFEGhHIaop",
    flags:
      "--cached --line-number --ignore-case --files-with-matches --count --word-regexp --fixed-strings --extended-regexp --and --or --not --heading --break --show-function",
    values: {
      "-e": word,
      "-A": count,
      "-B": count,
      "-C": count,
      "-m": count,
      "--max-depth": count,
    },
    operands: "words",
    always: ["--no-textconv", "--no-recurse-submodules", "--no-color"],
  },
  branch: {
    letters: "avr",
    flags: "--list --all --remotes --verbose -vv --show-current --merged --no-merged --contains",
    values: { "--sort": /^-?[a-z]+(?::[a-z]+)?$/u, "--format": format },
    operands: "words",
    always: ["--list", "--no-color"],
    alone: ["--show-current"],
  },
  tag: {
    letters: "",
    flags: "--list --merged --no-merged --contains",
    values: { "--sort": /^-?[a-z]+(?::[a-z]+)?$/u, "-n": count, "--format": format },
    operands: "words",
    always: ["--list", "--no-color"],
  },
  remote: { letters: "v", flags: "--verbose" },
  describe: {
    flags: "--tags --all --always --long --dirty --exact-match",
    values: { "--abbrev": count, "--match": word },
    operands: "words",
  },
  "rev-parse": {
    flags:
      "--short --verify --abbrev-ref --symbolic-full-name --show-toplevel --show-prefix --is-shallow-repository --is-inside-work-tree",
    operands: "words",
  },
  "rev-list": {
    flags: "--count --all --merges --no-merges --first-parent --reverse --left-right",
    values: {
      "-n": count,
      "--max-count": count,
      "--since": date,
      "--until": date,
      "--author": word,
    },
    operands: "words",
    hasDashNumber: true,
  },
  "ls-files": {
    letters: "cdmost",
    flags:
      "--cached --deleted --modified --others --stage --exclude-standard --full-name --ignored",
    operands: "words",
  },
  "ls-tree": {
    letters: "rdtl",
    flags: "--name-only --full-name --long --full-tree",
    operands: "words",
  },
  shortlog: {
    letters: "nse",
    flags: "--numbered --summary --email --no-merges --all",
    values: { "--since": date, "--until": date },
    operands: "words",
  },
  reflog: { values: { "-n": count }, hasDashNumber: true },
  "merge-base": { flags: "--all --is-ancestor", operands: "words" },
};

const changing: Readonly<Record<string, GitRuleText>> = {
  init: {
    values: { "-b": /^[\w][\w./-]*$/u, "--initial-branch": /^[\w][\w./-]*$/u },
    always: ["--template=", "--initial-branch=main"],
  },
  add: {
    letters: "Aunv",
    flags: "--all --update --dry-run --verbose --intent-to-add --no-all",
    operands: "words",
  },
  commit: {
    letters: "aqv",
    flags:
      "--all --amend --allow-empty --dry-run --no-edit --signoff --quiet --verbose --reset-author",
    values: { "-m": word, "--message": word, "--date": date },
    operands: "words",
    always: ["--no-verify", "--no-gpg-sign"],
  },
  switch: {
    values: { "-c": word, "--create": word },
    flags: "--detach --no-guess --orphan",
    operands: "words",
    always: ["--no-recurse-submodules", "--no-progress"],
  },
  restore: { letters: "S", flags: "--staged", operands: "words", needed: ["--staged", "-S"] },
  mv: { letters: "nv", flags: "--dry-run --verbose", operands: "words" },
  // What is taken out of the index stays in its folder.
  rm: { letters: "rn", flags: "--cached --dry-run", operands: "words", needed: ["--cached"] },
  reset: { letters: "q", flags: "--soft --mixed --quiet", operands: "words" },
};

function toRules(
  texts: Readonly<Record<string, GitRuleText>>,
  isChange: boolean,
): readonly [string, GitRule][] {
  return Object.entries(texts).map(([name, { needed = [], alone = [], ...text }]) => [
    name,
    { rule: commandRule(text), isChange, needed, alone },
  ]);
}

/**
 * What git may be asked. None of it reaches another machine, waits for an editor, runs a program that somebody named, or
 * throws work away that is written down nowhere else.
 */
export const gitRules: ReadonlyMap<string, GitRule> = new Map([
  ...toRules(reading, false),
  ...toRules(changing, true),
]);
