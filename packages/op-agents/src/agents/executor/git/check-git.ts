import { resolve } from "node:path";
import { isSecret, isWithin, whyUnchangeable } from "../../places/forbidden-places.ts";
import { invisible } from "../../text/quote.ts";
import { parseArguments } from "../parse-arguments.ts";
import { refusal } from "../refusal.ts";
import { gitRules } from "./git-rules.ts";

/** Where git is asked. */
interface GitPlace {
  readonly cwd: string;
  /** The folder of the files that the repository has versions of. */
  readonly tree: string;
}

/** How git is told of a command, with the command first. Throws a refusal for what it may not be asked. */
export function checkGit(argv: readonly string[], isChange: boolean): CheckedGit {
  const [name = "", ...args] = argv;
  const found = gitRules.get(name);
  if (found === undefined || found.isChange !== isChange) throw unknown(name, isChange);
  for (const argument of args) checkArgument(name, argument);
  const split = args.indexOf("--");
  const [before, paths] = split === -1 ? [args, []] : [args.slice(0, split), args.slice(split + 1)];
  const { rule } = found;
  const separate = before.find((each) => each.startsWith("--") && rule.values.has(each));
  // Git takes what follows such an option for something else.
  if (separate !== undefined)
    throw refusal(`git ${name} ${separate}`, `its value goes behind ${separate}=`);
  const { options, operands } = parseArguments(`git ${name}`, rule, before);
  const named = [...operands, ...paths];
  const isAlone = options.some((option) => found.alone.includes(option));
  if ((rule.operands === "none" || isAlone) && named.length > 0) {
    throw refusal(`git ${name}`, "the command takes nothing but options");
  }
  if (found.needed.length > 0 && !options.some((option) => found.needed.includes(option))) {
    throw refusal(`git ${name}`, `work could get lost without ${found.needed[0] ?? ""}`);
  }
  const always = isAlone ? [] : rule.always;
  const behind = split === -1 ? [] : ["--", ...paths];
  return {
    name,
    isChange,
    args: [name, ...always, ...options, ...operands, ...behind],
    named,
  };
}

/** A command of git that may be asked. */
export interface CheckedGit {
  readonly name: string;
  readonly isChange: boolean;
  readonly args: readonly string[];
  /** Revisions and paths. */
  readonly named: readonly string[];
}

/** Refuses paths outside of the repository: `git diff` would compare any two files. */
export function checkNamed({ name, isChange, named }: CheckedGit, { cwd, tree }: GitPlace): void {
  for (const each of named) {
    if (!isWithin(resolve(cwd, each), tree))
      throw refusal(`git ${name} ${each}`, "it is outside of the repository");
    const why = isChange ? whyUnchangeable(resolve(cwd, each)) : undefined;
    if (why !== undefined) throw refusal(`git ${name} ${each}`, why);
    if (each.split(/[/:]/u).some(isSecret)) {
      throw refusal(
        `git ${name} ${each}`,
        "folders and files of keys and passwords are not touched",
      );
    }
  }
}

const longestArgument = 4096;

function checkArgument(name: string, argument: string): void {
  const isMessage = name === "commit" && !argument.startsWith("-") && argument.includes("\n");
  const plain = isMessage ? argument.replaceAll(/[\n\t]/gu, " ") : argument;
  if (plain.search(invisible) !== -1) {
    throw refusal(argument, "it has characters that control something or can't be seen");
  }
  if (argument.length > longestArgument) {
    throw refusal(argument, `an argument has more than ${longestArgument} characters`);
  }
  if (argument === "") throw refusal(`git ${name}`, "an argument is empty");
}

function unknown(name: string, isChange: boolean): Error {
  const known = [...gitRules]
    .filter(([, rule]) => rule.isChange === isChange)
    .map(([each]) => each);
  const other = gitRules.has(name) ? ` Use ${isChange ? "git_operation" : "git_change"}.` : "";
  return refusal(
    `git ${name}`,
    "the command is not allowed here",
    `Allowed are: ${known.join(", ")}.${other}`,
  );
}
