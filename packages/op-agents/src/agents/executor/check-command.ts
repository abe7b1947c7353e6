import { checkPlace, type PlaceRules } from "./check-place.ts";
import type { CommandRule } from "./command-rule.ts";
import { commandRules } from "./command-rules.ts";
import type { ExecutorConfig } from "./executor-config.ts";
import type { Argument } from "./hand-over-places.ts";
import { parseArguments, type ParsedArguments } from "./parse-arguments.ts";
import { invisible } from "../text/quote.ts";
import { pinPlace } from "./pin-place.ts";
import { refusal } from "./refusal.ts";

/** A command as somebody asks for it. */
export interface CommandRequest {
  readonly argv: readonly string[];
  readonly cwd?: string;
}

/** A command that may be run. Disposing lets go of its places. */
export interface CheckedCommand extends AsyncDisposable {
  readonly name: string;
  /** What is given to the program: options as they were, operands behind `--`. */
  readonly args: readonly Argument[];
  /** For what the executor does by itself. */
  readonly words: readonly string[];
  readonly options: readonly string[];
  readonly cwd: string;
}

/** What the check reads of the configuration. */
export type CommandPolicy = Pick<
  ExecutorConfig,
  "allow" | "block" | "folders" | "forbiddenCharacters" | "commandLength" | "argumentLength"
>;

/** Decides whether a command may be run, and how it is run safely; throws a refusal that says why not. */
export async function checkCommand(
  { argv, cwd }: CommandRequest,
  policy: CommandPolicy,
): Promise<CheckedCommand> {
  const [name = "", ...args] = argv;
  checkLengths(argv, policy);
  const rule = findRule(name, policy);
  for (const argument of args) checkVisible(argument);
  const parsed = parseArguments(name, rule, args);
  checkCharacters(rule, parsed, policy);
  // What only prints its words is the same wherever it runs, and so no folder is looked for.
  const isAnywhere = cwd === undefined && rule.operands === "words";
  const folder = isAnywhere ? "/" : await findFolder(cwd, policy);
  const { alsoAllowed } = rule;
  const rules = { cwd: folder, folders: policy.folders, alsoAllowed };
  await using opened = new AsyncDisposableStack();
  const operands = await checkOperands(name, rule, { parsed, rules, opened });
  const behind = operands.length === 0 ? [] : ["--", ...operands];
  const owned = opened.move();
  return {
    name,
    args: [...rule.always, ...parsed.options, ...behind],
    words: operands.filter((operand) => typeof operand === "string"),
    options: parsed.options,
    cwd: folder,
    [Symbol.asyncDispose]: async () => await owned.disposeAsync(),
  };
}

function findRule(name: string, { allow, block }: CommandPolicy): CommandRule {
  const rule = commandRules.get(name);
  const usable = allow.filter((each) => commandRules.has(each) && !block.includes(each));
  if (rule !== undefined && usable.includes(name)) return rule;
  throw refusal(name, "the command is not allowed", `Allowed are: ${usable.join(", ")}.`);
}

function checkLengths(argv: readonly string[], policy: CommandPolicy): void {
  const long = argv.find((argument) => argument.length > policy.argumentLength);
  if (long !== undefined) {
    throw refusal(long, `an argument has more than ${policy.argumentLength} characters`);
  }
  if (argv.join(" ").length > policy.commandLength) {
    throw refusal(argv[0] ?? "", `the command has more than ${policy.commandLength} characters`);
  }
}

function checkVisible(argument: string): void {
  if (argument.search(invisible) === -1) return;
  throw refusal(argument, "it has characters that control something or can't be seen");
}

function checkCharacters(rule: CommandRule, parsed: ParsedArguments, policy: CommandPolicy): void {
  const { options, operands, patterns } = parsed;
  const isSearch = rule.operands === "pattern-and-places";
  // A pattern is not read by a shell, and means something by these characters.
  const plain = isSearch && patterns.length === 0 ? operands.slice(1) : operands;
  const known = options.filter((option) => !patterns.some((pattern) => option.endsWith(pattern)));
  for (const argument of [...plain, ...known]) {
    const found = Array.from(argument).find((each) => policy.forbiddenCharacters.includes(each));
    if (found === undefined) continue;
    const advice = "No shell reads commands: give the arguments themselves, one by one.";
    throw refusal(argument, `it has the forbidden character ${found}`, advice);
  }
}

async function findFolder(cwd: string | undefined, { folders }: CommandPolicy): Promise<string> {
  if (cwd !== undefined) {
    checkVisible(cwd);
    return await checkPlace(cwd, "folder", { cwd: "/", folders });
  }
  for (const folder of folders) {
    const found = await checkPlace(folder, "folder", { cwd: "/", folders }).catch(() => undefined);
    if (found !== undefined) return found;
  }
  throw refusal("", "none of the folders for commands exists here");
}

interface OperandParts {
  readonly parsed: ParsedArguments;
  readonly rules: PlaceRules;
  /** Keeps the places. */
  readonly opened: AsyncDisposableStack;
}

async function checkOperands(
  name: string,
  rule: CommandRule,
  parts: OperandParts,
): Promise<readonly Argument[]> {
  const { operands } = parts.parsed;
  const [first] = operands;
  if (rule.operands === "words") return operands;
  if (rule.operands === "pattern-and-places") return await checkSearch(name, parts);
  if (rule.operands === "places") {
    return await checkPlaces(first === undefined ? [parts.rules.cwd] : operands, "any", parts);
  }
  if (rule.operands === "files") {
    if (first !== undefined) return await checkPlaces(operands, "file", parts);
    throw refusal(name, "it would wait for input that never comes", "Name a file.");
  }
  if (first === undefined) return [];
  if (rule.operands === "format" && operands.length === 1 && first.startsWith("+")) return operands;
  throw refusal(`${name} ${first}`, "the command may not be given that");
}

async function checkSearch(name: string, parts: OperandParts): Promise<readonly Argument[]> {
  const { operands, options, patterns } = parts.parsed;
  // An option with the pattern makes all operands places.
  const own = patterns.length > 0 ? [] : operands.slice(0, 1);
  const places = operands.slice(own.length);
  if (own.length + patterns.length === 0) throw refusal(name, "there is no pattern");
  for (const pattern of [...own, ...patterns]) checkPattern(pattern);
  const isRecursive = options.some((each) => each === "--recursive" || /^-[a-zA-Z]*r/u.test(each));
  if (places.length === 0 && !isRecursive) {
    const advice = "Name a file, or search folders with -r.";
    throw refusal(name, "it would wait for input that never comes", advice);
  }
  const named = places.length === 0 ? [parts.rules.cwd] : places;
  const found = await checkPlaces(named, isRecursive ? "any" : "file", parts);
  checkChoice(options, found);
  return [...own, ...found];
}

/** A file that is handed over open has no name by which it could be chosen. */
function checkChoice(options: readonly string[], found: readonly Argument[]): void {
  const choice = options.find((option) => /^--(?:in|ex)clude(?:=|$)/u.test(option));
  if (choice === undefined) return;
  const file = found.find((place) => typeof place !== "string" && !place.isFolder);
  if (file === undefined) return;
  const advice = "Name folders only, or leave the option out.";
  throw refusal(choice, "it chooses among the files of folders, and a file is named", advice);
}

async function checkPlaces(
  places: readonly string[],
  kind: "file" | "any",
  { rules, opened }: OperandParts,
): Promise<readonly Argument[]> {
  const paths = await Promise.all(
    places.map(async (place) => await checkPlace(place, kind, rules)),
  );
  const arguments_: Argument[] = [];
  for (const path of paths) {
    // What is allowed by its very path is nothing that links lead to.
    const isFixed = rules.alsoAllowed?.includes(path) === true;
    arguments_.push(isFixed ? path : opened.use(await pinPlace(path, rules.folders)));
  }
  return arguments_;
}

/** Repetitions inside of repetitions make a small pattern a large machine. */
const mostRepetitions = 1000;

function checkPattern(pattern: string): void {
  const counts = [...pattern.matchAll(/\{(\d*),?(\d*)\\?\}/gu)].map(([, least = "", most = ""]) =>
    Math.max(1, Number(least), Number(most)),
  );
  if (counts.reduce((product, count) => product * count, 1) <= mostRepetitions) return;
  throw refusal(pattern, `the pattern repeats more than ${mostRepetitions} times`);
}
