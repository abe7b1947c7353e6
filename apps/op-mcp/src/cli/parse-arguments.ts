import { parseArgs } from "node:util";
import { didYouMean } from "../text/nearest.ts";
import { UsageError } from "./cli-error.ts";
import type { CommandSpec, PositionalSpec } from "./command.ts";
import { type FlagSpec, FlagValues, globalFlags } from "./flags.ts";

/** A command line that was understood. */
export interface ParsedArguments {
  /** Absent when only flags were given. */
  readonly command: CommandSpec | undefined;
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

/** Reads a command line. Throws `ERR_CLI_USAGE`, with the nearest name where something is unknown. */
export function parseArguments(
  argv: readonly string[],
  commands: readonly CommandSpec[],
): ParsedArguments {
  const name = split(argv, [...globalFlags, ...commands.flatMap((each) => each.flags)])
    .positionals[0];
  const command = name === undefined ? undefined : findCommand(name, commands);
  const specs = [...globalFlags, ...(command?.flags ?? [])];
  const { flags, positionals } = split(argv, specs);
  const values = collectFlags(flags, specs, commands);
  const rest = positionals.slice(1);
  const isAskingForHelp = values.has("help") || values.has("version");
  if (command !== undefined && !isAskingForHelp) checkPositionals(command, rest);
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

function findCommand(name: string, commands: readonly CommandSpec[]): CommandSpec {
  const command = commands.find((each) => each.name === name);
  if (command !== undefined) return command;
  const names = commands.map((each) => each.name);
  throw new UsageError(`There is no command ${JSON.stringify(name)}.`, {
    advice: didYouMean(name, names) ?? `The commands are ${names.join(", ")}.`,
  });
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
