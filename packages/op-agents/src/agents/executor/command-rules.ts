import { secretFiles, secretFolders } from "../places/forbidden-places.ts";
import { commandRule, type CommandRule } from "./command-rule.ts";

const small = /^\d{1,4}$/u;
/** At most a million lines. */
const lines = /^[+-]?\d{1,6}$/u;
/** At most ten megabytes. */
const bytes = /^[+-]?\d{1,7}$/u;
const numbers = /^\d{1,10}(?:,\d{1,10})*$/u;
const word = /^[\w.@-]+$/u;
const columns = /^[a-z%_]+(?:,[a-z%_]+)*$/u;
const sortColumns = /^[+-]?[a-z%_]+(?:,[+-]?[a-z%_]+)*$/u;
const key = /^\d{1,4}(?:\.\d{1,4})?[bdfghiMnrV]*(?:,\d{1,4}(?:\.\d{1,4})?[bdfghiMnrV]*)?$/u;
const glob = /^[\w.*?[\]-]+$/u;
const anything = /^[^]*$/u;
const time = /^[\w :+@.,/-]*$/u;

/**
 * The commands that the executor knows. None of what is listed writes, runs a program, follows, asks the network, reads a
 * list of files from a file, or goes on for ever; what was left out does, or nobody needs it.
 */
export const commandRules: ReadonlyMap<string, CommandRule> = new Map(
  Object.entries({
    ls: commandRule({
      letters: "aAlhtrSsidFRngopXmCxQbqk1cu",
      flags:
        "--all --almost-all --human-readable --reverse --recursive --size --inode --directory --classify " +
        "--group-directories-first --full-time --si --color=never --sort=size --sort=time --sort=extension " +
        "--sort=version --sort=none --time-style=long-iso --time-style=full-iso --time-style=iso",
      operands: "places",
      // File names may hold escape sequences; and a file that is handed over open is meant, not the kernel's link to it.
      always: ["--color=never", "-q", "-H"],
    }),
    cat: commandRule({
      letters: "nbsAvETet",
      flags:
        "--number --number-nonblank --squeeze-blank --show-all --show-ends --show-tabs --show-nonprinting",
      operands: "files",
    }),
    grep: commandRule({
      letters: "ivclLnHhoqswxFEGraby",
      flags:
        "--ignore-case --invert-match --count --files-with-matches --files-without-match --line-number " +
        "--with-filename --no-filename --only-matching --quiet --no-messages --word-regexp --line-regexp " +
        "--fixed-strings --extended-regexp --basic-regexp --recursive --text --byte-offset --color=never",
      values: {
        "-m": lines,
        "-A": small,
        "-B": small,
        "-C": small,
        "-e": anything,
        "--max-count": lines,
        "--after-context": small,
        "--before-context": small,
        "--context": small,
        "--regexp": anything,
        "--include": glob,
        "--exclude": glob,
        "--exclude-dir": glob,
      },
      operands: "pattern-and-places",
      // Devices and pipes in a folder would be waited for; a search of a home would find its keys.
      always: [
        "--color=never",
        "--devices=skip",
        ...[...secretFolders].map((name) => `--exclude-dir=${name}`),
        ...[...secretFiles].map((name) => `--exclude=${name}`),
      ],
      hasDashNumber: true,
    }),
    ps: commandRule({
      letters: "eAf",
      flags: "aux ax axu --no-headers",
      values: {
        "-p": numbers,
        "-q": numbers,
        "-o": columns,
        "-C": word,
        "--pid": numbers,
        "--ppid": numbers,
        "--format": columns,
        "--sort": sortColumns,
      },
    }),
    top: commandRule({
      // Not c: commands may have passwords among their words.
      letters: "biHS1",
      values: { "-n": /^[1-5]$/u, "-o": /^[+-]?[A-Z%+]+$/u, "-p": numbers, "-w": /^\d{1,3}$/u },
      always: ["-b", "-n", "1"],
    }),
    df: commandRule({
      letters: "hHTikaPlm",
      flags:
        "--human-readable --inodes --local --portability --print-type --total --all --si --output",
      values: {
        "-t": word,
        "-x": word,
        "--type": word,
        "--exclude-type": word,
        "--output": columns,
      },
      operands: "places",
      // A file system of the network may never answer.
      always: ["-l"],
      alsoAllowed: ["/"],
    }),
    du: commandRule({
      letters: "shackmbxS",
      flags:
        "--summarize --human-readable --all --total --bytes --one-file-system --apparent-size --si --inodes --separate-dirs",
      values: { "-d": small, "--max-depth": small },
      operands: "places",
      // As with ls.
      always: ["-D"],
    }),
    free: commandRule({
      letters: "hbkmgtwlv",
      flags: "--human --bytes --kibi --mebi --gibi --mega --giga --total --wide --lohi --si",
    }),
    uptime: commandRule({ letters: "ps", flags: "--pretty --since" }),
    whoami: commandRule({}),
    pwd: commandRule({ letters: "LP", flags: "--physical --logical" }),
    hostname: commandRule({ letters: "s", flags: "--short" }),
    date: commandRule({
      letters: "uRI",
      flags:
        "--utc --universal --rfc-email --iso-8601 -Idate -Ihours -Iminutes -Iseconds -Ins --iso-8601=date " +
        "--iso-8601=seconds --iso-8601=minutes --rfc-3339=date --rfc-3339=seconds --rfc-3339=ns",
      values: { "-d": time, "--date": time },
      operands: "format",
    }),
    echo: commandRule({ letters: "n", operands: "words" }),
    wc: commandRule({
      letters: "lwcmL",
      flags: "--lines --words --bytes --chars --max-line-length",
      operands: "files",
    }),
    sort: commandRule({
      letters: "rnufbhVdgiMscC",
      flags:
        "--reverse --numeric-sort --unique --ignore-case --ignore-leading-blanks --human-numeric-sort " +
        "--version-sort --dictionary-order --general-numeric-sort --month-sort --stable --check",
      values: { "-k": key, "--key": key, "-t": /^.$/u, "--field-separator": /^.$/u },
      operands: "files",
    }),
    head: commandRule({
      letters: "qv",
      flags: "--quiet --silent --verbose",
      values: { "-n": lines, "-c": bytes, "--lines": lines, "--bytes": bytes },
      operands: "files",
      hasDashNumber: true,
    }),
    tail: commandRule({
      letters: "qv",
      flags: "--quiet --silent --verbose",
      values: { "-n": lines, "-c": bytes, "--lines": lines, "--bytes": bytes },
      operands: "files",
      hasDashNumber: true,
    }),
  }),
);
