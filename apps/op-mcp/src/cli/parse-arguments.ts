import { parseArgs } from "node:util";
import { didYouMean } from "../text/nearest.ts";
import { UsageError } from "./cli-error.ts";
import type { CommandGroup, CommandSpec, PositionalSpec } from "./command.ts";
import { type FlagSpec, FlagValues, globalFlags } from "./flags.ts";

/** A command line that was understood. */
export interface ParsedArguments {
  /** Absent when only flags were given, or help is asked for about a group. */
  readonly command: CommandSpec | undefined;
  /** Named alone, to be helped. */
  readonly group?: CommandGroup;
  readonly flags: FlagValues;
  readonly positionals: readonly string[];
}

interface RawFlag {
  readonly raw: string;
  readonly name: string;
  readonly value: string | undefined;
  /** Whether the value was written as `--flag=value`. */
  readonly isInline: boolean;
}

/** Every command there is. */
export interface CommandTable {
  readonly commands: readonly CommandSpec[];
  readonly groups: readonly CommandGroup[];
}

/** Reads a command line. Throws `ERR_CLI_USAGE`, with the nearest name where something is unknown. */
export function parseArguments(argv: readonly string[], table: CommandTable): ParsedArguments {
  const { commands } = table;
  const everyFlag = [...globalFlags, ...commands.flatMap((each) => each.flags)];
  const [first, second] = split(argv, everyFlag).positionals;
  const command = findCommand(first, second, commands);
  const specs = [...globalFlags, ...(command?.flags ?? [])];
  const { flags, positionals } = split(argv, specs);
  const values = collectFlags(flags, specs, commands);
  const isAskingForHelp = values.has("help") || values.has("version");
  if (command === undefined)
    return { ...withoutCommand(table, [first, second], isAskingForHelp), flags: values };
  const rest = positionals.slice(command.name.split(" ").length);
  if (!isAskingForHelp) checkPositionals(command, rest);
  return { command, flags: values, positionals: rest };
}

function split(
  argv: readonly string[],
  specs: readonly FlagSpec[],
): { flags: readonly RawFlag[]; positionals: readonly string[] } {
  const options = Object.fromEntries(
    specs.map(({ name, short, value }) => [
      name,
      {
        type: value === undefined ? ("boolean" as const) : ("string" as const),
        ...(short === undefined ? {} : { short }),
      },
    ]),
  );
  const { tokens } = parseArgs({ args: [...argv], options, strict: false, tokens: true });
  return {
    flags: tokens.flatMap((token) =>
      token.kind === "option"
        ? [
            {
              raw: token.rawName,
              name: token.name,
              value: token.value,
              isInline: token.inlineValue === true,
            },
          ]
        : [],
    ),
    positionals: tokens.flatMap((token) => (token.kind === "positional" ? [token.value] : [])),
  };
}

function findCommand(
  first: string | undefined,
  second: string | undefined,
  commands: readonly CommandSpec[],
): CommandSpec | undefined {
  const both = `${first} ${second}`;
  return commands.find(({ name }) => name === both) ?? commands.find(({ name }) => name === first);
}

/** What is left when no command was named: nothing at all, a group to be helped with, or a mistake. */
function withoutCommand(
  { commands, groups }: CommandTable,
  [first, second]: readonly [string | undefined, string | undefined],
  isAskingForHelp: boolean,
): Omit<ParsedArguments, "flags"> {
  if (first === undefined) return { command: undefined, positionals: [] };
  const group = groups.find(({ name }) => name === first);
  if (group === undefined) throw unknownCommand(first, { commands, groups });
  if (isAskingForHelp && second === undefined)
    return { command: undefined, group, positionals: [] };
  const names = commandsOf(group, commands).map(({ name }) => name.slice(first.length + 1));
  if (second === undefined) {
    throw new UsageError(`\`op-mcp ${first}\` needs a command.`, {
      advice: `It is one of ${names.join(", ")}.`,
    });
  }
  throw new UsageError(`There is no command ${JSON.stringify(`${first} ${second}`)}.`, {
    advice: didYouMean(second, names) ?? `After ${first} comes one of ${names.join(", ")}.`,
  });
}

/** The error for a word that is neither a command nor a group. */
export function unknownCommand(name: string, { commands, groups }: CommandTable): UsageError {
  const names = [...commands, ...groups]
    .map((each) => each.name)
    .filter((each) => !each.includes(" "));
  return new UsageError(`There is no command ${JSON.stringify(name)}.`, {
    advice: didYouMean(name, names) ?? `The commands are ${names.join(", ")}.`,
  });
}

/** The commands of a group. */
export function commandsOf(
  { name }: CommandGroup,
  commands: readonly CommandSpec[],
): readonly CommandSpec[] {
  return commands.filter((command) => command.name.startsWith(`${name} `));
}

function collectFlags(
  flags: readonly RawFlag[],
  specs: readonly FlagSpec[],
  commands: readonly CommandSpec[],
): FlagValues {
  const values = new Map<string, readonly string[]>();
  for (const flag of flags) {
    const spec = specs.find((each) => each.name === flag.name);
    if (spec === undefined) throw unknownFlag(flag, specs, commands);
    const value = checkValue(flag, spec);
    values.set(spec.name, [...(values.get(spec.name) ?? []), value]);
  }
  return new FlagValues(values);
}

function unknownFlag(
  { raw, name }: RawFlag,
  specs: readonly FlagSpec[],
  commands: readonly CommandSpec[],
): UsageError {
  const owner = commands.find((command) => command.flags.some((flag) => flag.name === name));
  const elsewhere = owner === undefined ? undefined : `It belongs to \`op-mcp ${owner.name}\`.`;
  const near = didYouMean(
    `--${name}`,
    specs.map((spec) => `--${spec.name}`),
  );
  return new UsageError(`There is no flag ${raw} here.`, {
    advice: elsewhere ?? near ?? "--help lists the flags.",
  });
}

function checkValue({ raw, value, isInline }: RawFlag, spec: FlagSpec): string {
  if (spec.value === undefined) {
    if (value === undefined) return "";
    throw new UsageError(`${raw} takes no value.`);
  }
  if (value === undefined || value === "" || (!isInline && value.startsWith("--")))
    throw new UsageError(`${raw} needs a value: ${raw} ${spec.value}.`);
  if (spec.choices !== undefined && !spec.choices.includes(value)) {
    throw badChoice(raw, value, spec.choices);
  }
  return value;
}

function checkPositionals(command: CommandSpec, given: readonly string[]): void {
  for (const [index, spec] of command.positionals.entries()) {
    const value = given[index];
    if (value === undefined && spec.isRequired) throw missing(command, spec);
    if (value !== undefined && spec.choices !== undefined) checkChoice(spec, value, spec.choices);
  }
  const extra = given[command.positionals.length];
  if (extra === undefined || command.positionals.at(-1)?.isRest === true) return;
  throw new UsageError(
    `\`op-mcp ${command.name}\` does not know what to do with ${JSON.stringify(extra)}.`,
    {
      advice: `\`op-mcp help ${command.name}\` shows what it takes.`,
    },
  );
}

function checkChoice(spec: PositionalSpec, value: string, choices: readonly string[]): void {
  if (!choices.includes(value)) throw badChoice(spec.name, value, choices);
}

function missing(command: CommandSpec, spec: PositionalSpec): UsageError {
  const choices = spec.choices === undefined ? "" : ` It is one of ${spec.choices.join(", ")}.`;
  return new UsageError(`\`op-mcp ${command.name}\` needs ${spec.name}.${choices}`, {
    advice: `\`op-mcp help ${command.name}\` shows examples.`,
  });
}

function badChoice(what: string, value: string, choices: readonly string[]): UsageError {
  const near = didYouMean(value, choices);
  return new UsageError(`${what} cannot be ${JSON.stringify(value)}.`, {
    advice: `${near === undefined ? "" : `${near} `}It is one of ${choices.join(", ")}.`,
  });
}
